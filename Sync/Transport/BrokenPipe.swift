import Glibc

/// Runs `body` with SIGPIPE held back on this thread, so that a hub that hangs up is an error.
///
/// libcurl with NOSIGNAL leaves this to us; TLS libraries write without `MSG_NOSIGNAL`. The signal
/// is raised on the thread that writes, so no other thread is touched: what came while it was held
/// back is taken, and the thread's mask is put back.
func withoutBrokenPipe<Result>(_ body: () -> Result) -> Result {
    var pipe = sigset_t()
    var before = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer {
        var now = timespec()
        if !wasPending { while sigtimedwait(&pipe, nil, &now) == -1, errno == EINTR {} }
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return body()
}
