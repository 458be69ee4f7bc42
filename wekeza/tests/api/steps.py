"""Steps of tests of the API: a program that signs in, and what the envelope must look like."""

import json

from django.test import Client

from accounts.factories import PASSWORD

ENVELOPE = {"status_code", "error_code", "message", "details"}


class Program:
    """A program with a token of its own, or without one."""

    def __init__(self, *, user=None, password=PASSWORD):
        self.client, self.headers = Client(), {}
        if user is not None:
            self.tokens = self.sign_in(user.email, password).json()
            self.use(self.tokens["access_token"])

    def use(self, token):
        self.headers = {"Authorization": f"Bearer {token}"}
        return self

    def sign_in(self, username, password=PASSWORD, **more):
        body = {"username": username, "password": password} | more
        return self.post("/api/v1/auth/login", body)

    def get(self, path, **headers):
        return self.client.get(path, headers=self.headers | headers)

    def post(self, path, body=None, **headers):
        return self.send("POST", path, json.dumps(body or {}), **headers)

    def send(self, method, path, body="", kind="application/json", **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, path, body, content_type=kind, headers=self.headers | headers
        )


def refused(answer, status, code):
    """The answer is the mission's envelope with this status and code; gives its details."""
    body = answer.json()
    assert (answer.status_code, body.get("error_code")) == (status, code), body
    assert set(body) == ENVELOPE
    assert body["status_code"] == status
    assert body["message"]
    return body["details"]
