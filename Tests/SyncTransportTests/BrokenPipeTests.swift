import Glibc
import Testing

@testable import SyncTransport

@Suite("A hub that hangs up")
struct BrokenPipeTests {
    @Test func `is an error while sending, and nothing is left behind`() async {
        await #expect(processExitsWith: .success) {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { exit(1) }
            close(ends[0])
            guard withoutBrokenPipe({ write(ends[1], "x", 1) == -1 && errno == EPIPE }) else {
                exit(2)
            }
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            if sigismember(&mask, SIGPIPE) == 1 { exit(3) }
        }
    }

    @Test func `still ends a program that does not send`() async {
        await #expect(processExitsWith: .signal(SIGPIPE)) {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { exit(1) }
            close(ends[0])
            withoutBrokenPipe {}
            write(ends[1], "x", 1)
        }
    }

    @Test func `needs no proxy on this machine`() async {
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://192.0.2.1:9", 1)  // Ours alone: a process of its own.
            setenv("ALL_PROXY", "http://192.0.2.1:9", 1)
            let server = try LoopbackServer { connection in
                _ = connection.request()
                connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            }
            var client = HTTPClient()
            let request = Request(.get, try HubURL(server.url), replyLimit: 0)
            guard try client.send(request, onBytes: { _, _ in }).status == 204 else { exit(1) }
        }
    }
}
