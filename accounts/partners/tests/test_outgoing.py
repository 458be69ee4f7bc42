"""Where the bank does not send, whatever the address looks like."""

import socket
import time

import pytest

from accounts.partners import outgoing, policy
from accounts.partners.refusals import UnsafeAddress
from accounts.partners.tests.receiver import Receiver

PUBLIC = "93.184.215.14"


@pytest.fixture
def names(monkeypatch):
    """A name server of the test: names of the world to addresses; literals resolve as they do."""
    table, real = {}, socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host in table:
            found = table[host].pop(0) if len(table[host]) > 1 else table[host][0]
            return [(None, None, None, "", (address, port)) for address in found]
        if host.endswith(".example"):
            raise socket.gaierror
        return real(host, port, *args, flags=socket.AI_NUMERICHOST, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return table


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


def send(url, **facts):
    headers = {"Content-Type": "application/json"}
    return outgoing.post(url, body=b"{}", headers=headers, **({"is_loopback_open": True} | facts))


class TestLook:
    @pytest.mark.parametrize(
        "url",
        [
            "http://duka.example/hook",
            "ftp://duka.example/hook",
            "//duka.example/hook",
            "duka.example/hook",
            "https://",
            "https://absent.example/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0.0.0.0/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://224.0.0.1/",
            "https://240.0.0.1/",
            "https://255.255.255.255/",
            "https://192.0.2.1/",
            "https://198.18.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[fe80::1]/",
            "https://[fec0::1]/",
            "https://[fd00:ec2::254]/",
            "https://[ff02::1]/",
            "https://duka.example@127.0.0.1/",
            "https://user:pass@duka.example/",
            "https://duka.example:22/",
            "https://duka.example:99999/",
            "https://duka.example\\@127.0.0.1/",
            "https://duka.example/\r\nX-Evil: 1",
            "https://duka.example/#here",
            "https://dukа.example/",
            "https://inside.example/",
            "https://half.example/",
            "https://mapped.example/",
        ],
    )
    def test_refuses_every_way_inside(self, names, url):
        names["duka.example"] = [[PUBLIC]]
        names["inside.example"] = [["10.0.0.5"]]
        names["half.example"] = [[PUBLIC, "127.0.0.1"]]
        names["mapped.example"] = [["::ffff:169.254.169.254"]]

        with pytest.raises(UnsafeAddress):
            outgoing.look(url, is_loopback_open=False)

    @pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    def test_lets_a_public_address_pass_and_pins_it(self, names, address):
        names["duka.example"] = [[address]]

        target = outgoing.look("https://duka.example:8443/hook?a=1", is_loopback_open=False)

        assert (target.address, target.port) == (address, 8443)

    def test_opens_this_machine_to_a_sandbox_only(self, names):
        url = "http://127.0.0.1:9000/hook"

        assert outgoing.look(url, is_loopback_open=True).address == "127.0.0.1"
        with pytest.raises(UnsafeAddress):
            outgoing.look(url, is_loopback_open=False)
        with pytest.raises(UnsafeAddress):
            outgoing.look("http://10.0.0.1:9000/hook", is_loopback_open=True)

    def test_waits_no_longer_for_a_name_server_than_it_may(self, monkeypatch):
        monkeypatch.setattr(policy, "LOOKUP_SECONDS", 0.2)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2))
        began = time.monotonic()

        answer = send("https://duka.example/hook", is_loopback_open=False)

        assert time.monotonic() - began < 1
        assert answer.status is None and "too long" in answer.error


class TestPost:
    def test_goes_to_the_address_that_was_looked_at(self, names, monkeypatch):
        """DNS rebinding: the second answer leads inside, but nobody asks a second time."""
        names["duka.example"] = [[PUBLIC], ["127.0.0.1"]]
        went = []

        def connect(where, *args, **kwargs):
            went.append(where)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "create_connection", connect)

        answer = send("https://duka.example/hook", is_loopback_open=False)

        assert went == [(PUBLIC, 443)]
        assert (answer.status, answer.error) == (None, "ConnectionRefusedError")

    def test_looks_again_each_time_it_sends(self, names):
        names["duka.example"] = [["10.0.0.1"]]

        answer = send("https://duka.example/hook", is_loopback_open=False)

        assert answer.status is None and "private" in answer.error

    def test_follows_nobody(self, receiver):
        receiver.answers = [302]

        answer = send(receiver.url + "/hook")

        assert answer.status == 302 and len(receiver.got) == 1

    def test_says_what_went_wrong_without_raising(self, receiver):
        receiver.answers = ["reset"]

        answer = send(receiver.url)

        assert answer.status is None and answer.error in {
            "ConnectionResetError",
            "RemoteDisconnected",
        }

    def test_gives_a_receiver_that_drips_no_more_than_its_time(self, receiver, monkeypatch):
        monkeypatch.setattr(policy, "TOTAL_SECONDS", 1)
        receiver.answers = ["slow"]

        answer = send(receiver.url)

        assert (answer.status, answer.error) == (None, "TimeoutError")
        assert 900 <= answer.milliseconds < 3000

    def test_counts_the_way_to_the_name_as_part_of_the_time(self, names, monkeypatch):
        """A slow name, a slow connection and a receiver that says nothing: all in one time."""
        monkeypatch.setattr(policy, "TOTAL_SECONDS", 1.5)
        names["duka.example"] = [[PUBLIC]]
        find = socket.getaddrinfo

        def slow_find(*args, **kwargs):
            time.sleep(0.8)
            return find(*args, **kwargs)

        def slow_connect(where, *args):
            time.sleep(0.8)
            connection = socket.socket()
            connection.connect(silent.getsockname())
            return connection

        monkeypatch.setattr(socket, "getaddrinfo", slow_find)
        monkeypatch.setattr(socket, "create_connection", slow_connect)
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()

            answer = send("https://duka.example/hook", is_loopback_open=False)

        assert (answer.status, answer.error) == (None, "TimeoutError")
        assert answer.milliseconds < 2600
