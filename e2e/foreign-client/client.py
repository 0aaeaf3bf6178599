"""A whole conversation between two people, by a client that knows docs/protocol.md and nothing else of this project.

Usage: client.py URL DOCUMENT EMAIL PASSWORD PEER_EMAIL PEER_PASSWORD
Prints one JSON line of what it did; any surprise is an exception.
"""

import json
import sys
import time

from chain import check_vectors, op_hash
from examples import Examples
from person import Person, Refused, new_id

MESSAGES = 120


def send_op(log_id, text):
    return {
        "opId": new_id(),
        "v": 1,
        "kind": "message.send",
        "logId": log_id,
        "text": text,
        "replyTo": None,
        "composedAt": int(time.time() * 1000),
    }


def open_conversation(ada, bob):
    """Makes the direct conversation; doing it again names the one that exists."""
    org_id = ada.http("me")["orgs"][0]["id"]
    found = ada.http("users", query={"query": bob.http("me")["name"]})["users"]
    peer_id = next(person["id"] for person in found if person["id"] == bob.session["userId"])

    def create():
        log_id = new_id()
        op = {
            "opId": new_id(),
            "v": 1,
            "kind": "conversation.create",
            "logId": log_id,
            "orgId": org_id,
            "conversationKind": "direct",
            "protection": "server",
            "peerId": peer_id,
        }
        return log_id, ada.submit(log_id, op)[0]

    log_id, first = create()
    assert first["ok"]
    conversation_id = first.get("canonicalId", log_id)
    _, second = create()
    assert second.get("canonicalId") == conversation_id, "one conversation per pair"
    return conversation_id


def send_many(ada, bob, conversation_id):
    """Sends a lot in batches; the other side gets every message once, in order."""
    ops = [send_op(conversation_id, f"message {number} – Grüße 👋") for number in range(MESSAGES)]
    for start in range(0, MESSAGES, 40):
        results = ada.submit(conversation_id, *ops[start : start + 40])
        assert all(result["ok"] and not result["duplicate"] for result in results)
    bob.wait_for_op(ops[-1]["opId"])
    received = [event for event in bob.events() if event["type"] == "message:new"]
    assert [event["opId"] for event in received] == [op["opId"] for op in ops]
    for event, op in zip(received, ops):
        assert event["payload"]["text"] == op["text"]
        assert event["opHash"] == op_hash(op), "the server hashed the same bytes"
    again = ada.submit(conversation_id, ops[0])[0]
    assert again["duplicate"] and again["seq"] == received[0]["seq"], "the same id, the same position"
    return received


def change_things(ada, bob, conversation_id, message_id):
    """Answers, edits, reacts, deletes, by the one-op forms."""
    answer = bob.ask(
        "message:send",
        {
            "opId": new_id(),
            "logId": conversation_id,
            "text": "An answer",
            "replyTo": message_id,
            "composedAt": int(time.time() * 1000),
        },
    )
    assert answer["ok"]
    ada.wait_for_op(answer["opId"])
    target = {"logId": conversation_id, "messageId": message_id}
    edited = ada.ask("message:edit", {"opId": new_id(), **target, "text": "edited", "baseRevSeq": 0})
    bob.wait_for("message:edited", lambda event: event["seq"] == edited["seq"])
    reacted = bob.ask("message:react", {"opId": new_id(), **target, "emoji": "👍", "on": True})
    ada.wait_for("reaction:set", lambda event: event["seq"] == reacted["seq"])
    refused = bob.ask("message:delete", {"opId": new_id(), **target})
    assert not refused["ok"] and refused["code"] == "FORBIDDEN", "only the author deletes"
    deleted = ada.ask("message:delete", {"opId": new_id(), **target})
    bob.wait_for("message:deleted", lambda event: event["seq"] == deleted["seq"])
    return deleted["seq"]


def see_receipts(ada, bob, conversation_id, seq):
    """The reader's watermark reaches the author, live and when asked for."""
    read = bob.ask("message:read", {"opId": new_id(), "logId": conversation_id, "seq": seq})
    assert read["ok"]
    live = ada.wait_for(
        "receipt:updated",
        lambda receipt: receipt["userId"] == bob.session["userId"] and receipt["readSeq"] == seq,
    )
    assert live["conversationId"] == conversation_id
    asked = ada.http("receipts", params={"id": conversation_id}, query={"seq": str(seq)})
    mine = next(it for it in asked["receipts"] if it["userId"] == bob.session["userId"])
    assert mine["readSeq"] == seq and mine["readAt"] is not None
    return live["readSeq"]


def be_present(ada, bob, conversation_id):
    """Presence and typing."""
    ada.tell("presence:watch", {"userIds": [bob.session["userId"]]})
    assert ada.wait_for("presence:snapshot")["users"][0]["state"] == "online"
    bob.tell("typing:start", {"conversationId": conversation_id})
    ada.wait_for("typing:start")
    bob.tell("typing:stop", {"conversationId": conversation_id})
    ada.wait_for("typing:stop")


def main(url, document, *accounts):
    examples = Examples(document)
    vectors = check_vectors(examples.vectors)
    ada, bob = Person(url, examples), Person(url, examples)
    assert ada.http("discovery")["product"] == "curlew"
    ada.sign_in(*accounts[:2])
    bob.sign_in(*accounts[2:])
    ada.connect()
    bob.connect()
    conversation_id = open_conversation(ada, bob)
    received = send_many(ada, bob, conversation_id)
    be_present(ada, bob, conversation_id)
    last_seq = change_things(ada, bob, conversation_id, received[0]["payload"]["messageId"])
    read_seq = see_receipts(ada, bob, conversation_id, last_seq)
    ada.renew()
    heads = ada.ask("sync:heads", {"token": bob.ask("sync:heads", {"token": "0.0"})["token"]})
    assert "token" in heads
    events = bob.pull(conversation_id)
    history = bob.history(conversation_id, last_seq + 1)
    assert len(history) == MESSAGES + 1 and history[0]["deletedAt"] is not None
    assert history[0]["text"] is None, "a deleted text is nowhere"
    try:
        ada.http("conversation", params={"id": new_id()})
        raise AssertionError("an unknown conversation was found")
    except Refused as refused:
        assert refused.code == "NOT_FOUND"
    for person in (ada, bob):
        person.disconnect()
    figures = {
        "sent": MESSAGES,
        "received": len(received),
        "pulled": len(events),
        "history": len(history),
        "readSeq": read_seq,
        "vectors": vectors,
        "framesChecked": examples.checked,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
