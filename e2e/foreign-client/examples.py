"""The examples of docs/protocol.md, and the check that what is sent looks like them.

Owns the extraction: an example stands in a JSON block under a comment "<!-- example KIND NAME -->".
"""

import json
import re

MARK = re.compile(r"<!-- example ([a-z]+)(?: (\S+))? -->\n\n```json\n(.*?)\n```", re.DOTALL)
VECTORS = re.compile(r"<!-- vectors -->\n\n```json\n(.*?)\n```", re.DOTALL)


class Mismatch(Exception):
    """Something about to be sent does not look like its example."""


class Examples:
    """All examples of the document, and how many things were checked against them."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self._known = {(kind, name): json.loads(body) for kind, name, body in MARK.findall(text)}
        self.vectors = json.loads(VECTORS.search(text).group(1))
        self.checked = 0

    def get(self, kind, name=""):
        """The example of one frame, request or op."""
        return self._known[(kind, name)]

    def check_handshake(self, auth):
        self._check("handshake", self.get("handshake"), auth)

    def check_event(self, name, payload):
        """Checks a frame; the ops inside a batch are checked against the examples of their kinds."""
        example = self.get("event", name)
        if name == "ops:submit":
            for op in payload["ops"]:
                self._check(op["kind"], self.get("op", op["kind"]), op)
            example, payload = dict(example, ops=[]), dict(payload, ops=[])
        self._check(name, example, payload)

    def check_request(self, name, params, query, body):
        example = self.get("http", name)
        for part, given in (("params", params), ("query", query), ("body", body)):
            self._check(f"{name} {part}", example.get(part), given)
        return example["method"], example["path"]

    def _check(self, where, example, given):
        self._compare(where, example, given)
        self.checked += 1

    def _compare(self, where, example, given):
        # null stands for "nothing here"; another value of the field is documented by its shape.
        if example is None and where.endswith(".replyTo"):
            return
        if type(example) is not type(given):
            raise Mismatch(f"{where}: the example has {example!r}, the client sends {given!r}")
        if isinstance(example, dict):
            if set(example) != set(given):
                raise Mismatch(f"{where}: the example has {sorted(example)}, the client sends {sorted(given)}")
            for key in example:
                self._compare(f"{where}.{key}", example[key], given[key])
        elif isinstance(example, list) and example:
            for item in given:
                self._compare(f"{where}[]", example[0], item)
