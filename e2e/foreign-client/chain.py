"""Canonical JSON, opHash and the chain, written from docs/protocol.md alone."""

import hashlib
import json
import uuid

EMPTY_CHAIN = "0" * 16
TRANSPORT_FIELDS = ("fence", "seenSeq")


def canonical_json(value):
    """RFC 8785 for what ops hold: strings, integers, booleans, null, and objects of them.

    Python sorts keys by code point, RFC 8785 by UTF-16 unit; for the ASCII keys of the protocol both agree.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def op_hash(op):
    meaning = {key: value for key, value in op.items() if key not in TRANSPORT_FIELDS}
    return hashlib.sha256(canonical_json(meaning).encode("utf-8")).hexdigest()


def next_chain(previous, log_id, seq, op_id, hash_of_op):
    digest = hashlib.sha256(
        bytes.fromhex(previous)
        + uuid.UUID(log_id).bytes
        + seq.to_bytes(8, "big")
        + uuid.UUID(op_id).bytes
        + bytes.fromhex(hash_of_op)
    )
    return digest.digest()[:8].hex()


def check_vectors(vectors):
    """Proves these functions against the document's vectors; answers how many there were."""
    for vector in vectors["opHash"]:
        op = json.loads(vector["canonicalJson"])
        assert canonical_json(op) == vector["canonicalJson"]
        assert op_hash(op) == vector["opHash"]
    for vector in vectors["chain"]:
        got = next_chain(vector["previous"], vector["logId"], vector["seq"], vector["opId"], vector["opHash"])
        assert got == vector["chain"]
    return len(vectors["opHash"]) + len(vectors["chain"])
