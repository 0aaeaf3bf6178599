"""One signed-in person on one device: HTTP and a socket. Everything sent passes the examples first."""

import threading
import time
import uuid

import requests
import socketio

from chain import EMPTY_CHAIN, next_chain

TIMEOUT_S = 10


class Refused(Exception):
    """The server answered a typed error."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error.get('detail') or error['message']}")
        self.code = error["code"]


def new_id():
    return str(uuid.uuid4())


class Person:
    """A client of the published protocol."""

    def __init__(self, url, examples):
        self._url = url
        self._examples = examples
        self._arrived = threading.Condition()
        self.frames = []
        self.device_id = new_id()
        self.session = None
        self.fence = 0
        self.socket = None

    # HTTP

    def http(self, name, params=None, query=None, body=None):
        """Calls a route by its name in the document."""
        method, path = self._examples.check_request(name, params, query, body)
        for key, value in (params or {}).items():
            path = path.replace(f":{key}", value)
        headers = {"Authorization": f"Bearer {self.session['accessToken']}"} if self.session else {}
        answer = requests.request(
            method, self._url + path, params=query, json=body, headers=headers, timeout=TIMEOUT_S
        )
        value = answer.json()
        if not answer.ok:
            raise Refused(value["error"])
        return value

    def sign_in(self, email, password):
        body = {"email": email, "password": password, "deviceId": self.device_id, "deviceName": "python"}
        self.session = self.http("login", body=body)
        return self.session

    def renew(self):
        """Trades the refresh token and renews the live socket."""
        renewed = self.http("token", body={"refreshToken": self.session["refreshToken"]})
        self.session = {**self.session, **renewed}
        return self.ask("auth:refresh", {"token": self.session["accessToken"]})

    # Socket

    def connect(self):
        auth = {
            "token": self.session["accessToken"],
            "protocol": 1,
            "deviceId": self.device_id,
            "instance": new_id(),
            "appVersion": "python 1",
        }
        self._examples.check_handshake(auth)
        self.socket = socketio.Client(reconnection=False)
        self.socket.on("*", self._keep)
        self.socket.connect(self._url, auth=auth, transports=["websocket"], wait_timeout=TIMEOUT_S)
        self.fence = self.ask("hello", {})["fence"]

    def disconnect(self):
        self.socket.disconnect()

    def ask(self, event, payload):
        """Sends a frame and waits for its acknowledgement."""
        self._examples.check_event(event, payload)
        ack = self.socket.call(event, payload, timeout=TIMEOUT_S)
        if not ack["ok"]:
            raise Refused(ack["error"])
        return ack["value"]

    def tell(self, event, payload):
        """Sends a frame that has no acknowledgement."""
        self._examples.check_event(event, payload)
        self.socket.emit(event, payload)

    def submit(self, lane, *ops):
        return self.ask("ops:submit", {"fence": self.fence, "lane": lane, "ops": list(ops)})["results"]

    def wait_for(self, event, fits=lambda payload: True):
        """The first frame of this name that fits, here already or to come."""
        deadline = time.monotonic() + TIMEOUT_S
        with self._arrived:
            while True:
                for name, payload in self.frames:
                    if name == event and fits(payload):
                        return payload
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"no {event}; seen: {[name for name, _ in self.frames]}")

    def wait_for_op(self, op_id):
        """Waits until the event of an op was pushed, alone or in a batch."""
        deadline = time.monotonic() + TIMEOUT_S
        with self._arrived:
            while not any(event["opId"] == op_id for event in self.events()):
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"the event of {op_id} did not arrive")

    def events(self):
        """Every log event that was pushed, whether alone or in a batch."""
        with self._arrived:
            for name, payload in list(self.frames):
                if name == "events:batch":
                    yield from payload["events"]
                elif "opHash" in payload:
                    yield payload

    def _keep(self, event, payload):
        with self._arrived:
            self.frames.append((event, payload))
            self._arrived.notify_all()

    # Logs

    def pull(self, log_id):
        """The whole log, page by page, its chain recomputed event by event."""
        events, chain = [], EMPTY_CHAIN
        while True:
            page = self.http(
                "pull", params={"id": log_id}, query={"after": str(len(events)), "limit": "50"}
            )
            for event in page["events"]:
                assert event["seq"] == len(events) + 1, "positions have no gaps"
                chain = next_chain(chain, log_id, event["seq"], event["opId"], event["opHash"])
                assert chain == event["chain"], "the chain continues"
                events.append(event)
            if len(events) >= page["head"]:
                assert chain == page["chain"], "the chain ends where the server's does"
                return events

    def history(self, conversation_id, before):
        """All messages before a position, newest page first, in the order they were said."""
        messages = []
        while before > 1:
            page = self.http(
                "history", params={"id": conversation_id}, query={"before": str(before), "limit": "50"}
            )
            messages = page["messages"] + messages
            assert page["covers"]["lo"] < before, "each page goes further back"
            before = page["covers"]["lo"]
        return messages
