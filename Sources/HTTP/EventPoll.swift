import CCurl
import Foundation

/// Wakes a thread that waits in an `EventPoll`; may be rung from any thread.
final class Bell: Sendable {
    let descriptor: Int32

    init() throws(HTTPError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw EventPoll.error(errno) }
    }

    deinit { close(descriptor) }

    func ring() { eventfd_write(descriptor, 1) }

    fileprivate func silence() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }
}

/// The sockets libcurl waits for, kept by the kernel (epoll), so that a turn costs what happened in
/// it and not what is waited for: `curl_multi_poll` looks at every transfer each time.
final class EventPoll {
    /// Events that are taken from the kernel at once; more come with the next call.
    private static let batch = 128

    private let descriptor: Int32
    private let bell: Bell
    private var events = [epoll_event](repeating: epoll_event(), count: batch)

    init(bell: Bell) throws(HTTPError) {
        self.bell = bell
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw Self.error(errno) }
        change(EPOLL_CTL_ADD, bell.descriptor, EPOLLIN.rawValue)
    }

    deinit { close(descriptor) }

    /// Watches a socket in the way libcurl asks for (CURL_POLL_…).
    func watch(_ socket: Int32, for what: Int32, isNew: Bool) {
        var events: UInt32 = 0
        if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
        if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
        change(isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, events)
    }

    func forget(_ socket: Int32) { change(EPOLL_CTL_DEL, socket, 0) }

    /// Waits until a socket is ready, the bell rings or the time is over.
    ///
    /// - Parameter handle: gets each ready socket with what libcurl calls its state (CURL_CSELECT_…).
    func wait(milliseconds: Int32, handle: (_ socket: Int32, _ state: Int32) -> Void) {
        let count = epoll_wait(descriptor, &events, Int32(Self.batch), milliseconds)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            if event.data.fd == bell.descriptor {
                bell.silence()
                continue
            }
            var state: Int32 = 0
            if event.events & EPOLLIN.rawValue != 0 { state |= CURL_CSELECT_IN }
            if event.events & EPOLLOUT.rawValue != 0 { state |= CURL_CSELECT_OUT }
            if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                state |= CURL_CSELECT_ERR
            }
            handle(event.data.fd, state)
        }
    }

    /// A failure here is a descriptor that libcurl has closed before saying so; the kernel forgets
    /// those itself.
    private func change(_ operation: Int32, _ socket: Int32, _ events: UInt32) {
        var event = epoll_event(events: events, data: epoll_data_t(fd: socket))
        epoll_ctl(descriptor, operation, socket, &event)
    }

    static func error(_ number: Int32) -> HTTPError {
        .other(code: Int(number), text: String(cString: strerror(number)))
    }
}
