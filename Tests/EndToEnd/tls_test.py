"""The hub proves who it is, and holds out against who does not."""
import base64
import contextlib
import http.client
import json
import shutil
import socket
import ssl
import threading

from world import free_port, verdicts, world

TLS = {"options": ["--tls"]}


def new_token(here, person="ana", change=lambda token: None):
    """A new token in a file, and what it says; `change` may forge it first."""
    text = here.hub("reviewer", "token", person, "--json").json["token"]
    packed = text.removeprefix("cs1.")
    token = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    change(token)
    packed = json.dumps(token, sort_keys=True, separators=(",", ":")).encode()
    path = here.folder / f"{person}-new.token"
    path.write_text("cs1." + base64.urlsafe_b64encode(packed).decode().rstrip("="))
    return path, token


def enrolled(here, name="eva"):
    """A second machine of ana's, enrolled over https by what its token says, with work to send."""
    path, token = new_token(here)
    assert token["hub"] == f"https://127.0.0.1:{here.port}", token
    assert token["tls"].startswith("sha256:"), token
    here.node(name, "enrol", "--token-file", path)
    here.node(name, "decide", stdin=verdicts("ana", 5))


def refused(here, *command, name="eva", says=""):
    """What must end with exit 77 as a matter of the certificate, with nothing sent."""
    result = here.node(name, *command, "--json", code=77)
    error = result.error
    assert error["code"] == "certificate" and not error["retryable"], result
    assert "nothing was sent" in error["message"] and says in error["message"], result
    return result


@contextlib.contextmanager
def other_hub(here):
    ours = here.environment["COUNTERSIGN_HUB_DATA"]
    here.environment["COUNTERSIGN_HUB_DATA"] = str(here.folder / "other-hub")
    here.serve(**TLS)
    yield
    here.stop()
    here.environment["COUNTERSIGN_HUB_DATA"] = ours


def test_a_node_enrols_and_syncs_over_https():
    with world() as here:
        here.serve(**TLS)
        enrolled(here)
        result = here.sync("eva")[0]
        assert result["result"] == "caughtUp" and result["up"]["entries"] == 5, result
        here.restart(**TLS)
        assert here.sync("eva")[0]["result"] == "caughtUp", "the certificate outlives a restart"
        here.node("eva", "verify")
        for name in ("authority.pem", "server.pem"):
            assert (here.folder / "hub" / name).stat().st_mode & 0o777 == 0o600, name


def test_another_hubs_certificate_is_refused_and_nothing_is_sent():
    with world() as here:
        here.serve(**TLS)
        enrolled(here)
        path, _ = new_token(here)
        here.stop()
        with other_hub(here):
            result = refused(here, "sync", says="another authority")
            assert result.json["result"] == "notAllowed" and result.json["up"]["entries"] == 0
            refused(here, "enrol", "--token-file", path, name="fay", says="another authority")
            assert not (here.home("fay") / "device.key").exists()
        assert here.node("eva", "status", "--json").json["outbox"]["entries"] == 5
        here.serve(**TLS)
        assert here.sync("eva")[0]["up"]["entries"] == 5
        here.node("fay", "enrol", "--token-file", path)


def test_a_certificate_for_another_host_is_refused():
    with world() as here:
        # On every address it speaks https by itself, and none but its own names are in the certificate.
        here.serve(host="0.0.0.0")
        path, token = new_token(here)
        assert token["hub"].startswith("https://") and token["tls"], token
        elsewhere = f"https://127.0.0.9:{here.port}"
        refused(here, "enrol", elsewhere, "--token-file", path, says="for another host")
        here.node("eva", "enrol", f"https://127.0.0.1:{here.port}", "--token-file", path)
        here.hub("init", "--name", "127.0.0.9")
        here.restart(host="0.0.0.0")
        assert here.sync("eva")[0]["result"] == "caughtUp"
        here.node("fay", "enrol", elsewhere, "--token-file", new_token(here)[0])


def test_without_a_pin_only_the_systems_authorities_are_believed():
    with world() as here:
        here.serve()
        assert "tls" not in new_token(here)[1], "plain loopback has nothing to pin"
        here.restart(**TLS)
        path, _ = new_token(here, change=lambda token: token.pop("tls"))
        refused(here, "enrol", "--token-file", path, says="no authority that this machine trusts")


def test_a_certificate_from_files_is_served_and_not_pinned():
    with world() as here:
        pem = here.folder / "hub" / "server.pem"
        here.hub("init")
        shutil.copy(pem, here.folder / "other.pem")
        files = ["--tls-cert", here.folder / "other.pem", "--tls-key", here.folder / "other.pem"]
        here.serve(options=map(str, files))
        assert "tls" not in new_token(here)[1]
        here.stop()
        arguments = ["serve", "--listen", f"127.0.0.1:{here.port}", "--json"]
        assert here.hub(*arguments, "--tls-cert", pem, code=64)
        missing = here.folder / "nothing.pem"
        assert here.hub(*arguments, "--tls-cert", missing, "--tls-key", pem, code=66)
        bad = here.hub(*arguments, "--tls-cert", here.folder / "ana.token", "--tls-key", pem, code=65)
        assert bad.error["code"] == "badCertificate", bad


def test_a_wrong_clock_locks_nobody_out():
    with world() as here:
        here.serve(**TLS)
        context = ssl.create_default_context(cadata=authority(here))
        with socket.create_connection(("127.0.0.1", here.port)) as plain:
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
                certificate = secure.getpeercert()
        assert certificate["notBefore"] == "Jan  1 00:00:00 1970 GMT", certificate
        assert certificate["notAfter"] == "Dec 31 23:59:59 9999 GMT", certificate
        enrolled(here)
        if not shutil.which("faketime"):
            print("        (no faketime here: only the certificate's dates were looked at)")
            return
        for years in ("+30y", "-30y"):
            command = ["-f", years, "countersign", "sync", "--json"]
            result = here.run("faketime", *command, home=here.home("eva")).json
            assert result["result"] == "caughtUp", result


def authority(here):
    """The certificate of the hub's authority, fetched from whoever answers."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", here.port, context=ssl._create_unverified_context()
    )
    connection.request("GET", "/v1/authority")
    return connection.getresponse().read()


# Who asks twice, too often, or never to the end

@contextlib.contextmanager
def recorded(port, hub_port):
    """A line to the hub that keeps what goes up."""
    heard = bytearray()
    with socket.create_server(("127.0.0.1", port)) as listener:
        def copy(source, target, keep):
            with contextlib.suppress(OSError):
                while data := source.recv(65536):
                    if keep:
                        heard.extend(data)
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)

        def serve():
            client, _ = listener.accept()
            with client, socket.create_connection(("127.0.0.1", hub_port)) as hub:
                up = threading.Thread(target=copy, args=(client, hub, True))
                up.start()
                copy(hub, client, False)
                up.join()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield heard
        thread.join(timeout=10)


def say(port, request):
    """Sends bytes as they are, and reads the answer to its end."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        response = http.client.HTTPResponse(line)
        response.begin()
        return response.status, response.headers, json.loads(response.read())


def test_a_request_that_comes_again_has_no_effect():
    with world() as here:
        here.node("ana", "decide", stdin=verdicts("ana", 3))
        hub_port = free_port()
        here.serve(port=hub_port)
        with recorded(here.port, hub_port) as heard:
            assert here.sync("ana")[0]["up"]["entries"] == 3
        request = bytes(heard)
        request = request[:request.index(b"POST /v1/sync", 1)] if b"POST" in request[1:] else request
        before = here.hub("export", "log", "--json").out
        for _ in range(2):
            status, _, problem = say(hub_port, request)
            assert (status, problem["code"]) == (409, "replayed"), problem
            here.restart(port=hub_port)
        assert here.hub("export", "log", "--json").out == before


def test_who_guesses_too_often_is_told_so_also_after_a_restart():
    with world() as here:
        here.serve()
        body = b'{"secret": "AAAA"}'
        guess = b"POST /v1/enrol HTTP/1.1\r\nHost: hub\r\nContent-Length: %d\r\n\r\n%s"
        guess %= (len(body), body)
        for _ in range(30):
            assert say(here.port, guess)[0] == 400
        for _ in range(2):
            status, headers, problem = say(here.port, guess)
            assert (status, problem["code"]) == (429, "tooOften"), problem
            assert 1 <= int(headers["Retry-After"]) <= 2 and problem["retryable"], headers
            here.restart()
        assert here.sync("ana")[0]["result"] == "caughtUp", "the honest are not held up"


def test_the_slow_and_the_garbled_hold_up_nobody():
    with world() as here:
        here.serve(**TLS)
        enrolled(here)
        with contextlib.ExitStack() as crowd:
            for number in range(100):
                line = crowd.enter_context(socket.create_connection(("127.0.0.1", here.port)))
                line.sendall([b"", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n", b"\0" * 900][number % 4])
            assert here.sync("eva")[0]["up"]["entries"] == 5
        assert here.sync("eva")[0]["result"] == "caughtUp"
