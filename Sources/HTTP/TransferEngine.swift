import CCurl
import Foundation

/// Runs transfers on one libcurl multi handle. One thread at a time: see `TransferLoop`.
final class TransferEngine {
    /// Idle connections that are kept for later requests. Connections in use are not limited:
    /// whoever sends many requests at once bounds them.
    private static let keptConnections = 512
    /// Handles that are kept for later requests, some 10 KB each.
    private static let keptHandles = 256
    /// Requests that share an HTTP/2 connection. libcurl looks at all of them whenever a byte comes
    /// for one: with 8, 256 requests at once cost 0.3 ms of CPU each; with its default of 100, 0.9.
    /// Beyond it, each request opens a connection, as it does over HTTP/1.1.
    private static let sharingRequests = 8
    /// The longest a wait lasts, in seconds; the kernel counts in 32-bit milliseconds.
    private static let longestWait: Double = 3_600

    private let multi: UnsafeMutableRawPointer
    private let poll: EventPoll
    private let setup: RequestSetup
    private var running: [Int: Transfer] = [:]
    private var spare: [EasyHandle] = []
    /// No timeout of a transfer passes before this.
    private var nextDeadline = Double.infinity
    /// When libcurl wants to be called even if no socket is ready.
    private var timer = Double.infinity
    private var isShutDown = false

    init(bell: Bell, setup: RequestSetup) throws(HTTPError) {
        self.setup = setup
        poll = try EventPoll(bell: bell)
        // Counted by libcurl, thread-safe, and needed before anything else; never undone, because
        // other users of libcurl in the process may be at work.
        curl_global_init(Int(CURL_GLOBAL_DEFAULT))
        guard let multi = curl_multi_init() else { throw EasyHandle.error(CURLE_OUT_OF_MEMORY) }
        self.multi = multi
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.keptConnections)
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, Self.sharingRequests)
        setCallbacks()
    }

    deinit {
        for transfer in running.values { curl_multi_remove_handle(multi, transfer.easy.pointer) }
        curl_multi_cleanup(multi)
    }

    private func setCallbacks() {
        // Unretained: libcurl calls back only while the engine calls it.
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_multi_set_socket_callback(
            multi,
            { _, socket, what, context, mark in
                guard let context else { return 0 }
                let engine = Unmanaged<TransferEngine>.fromOpaque(context).takeUnretainedValue()
                engine.watch(socket, for: what, isNew: mark == nil)
                return 0
            }, context)
        _ = ccurl_multi_set_timer_callback(
            multi,
            { _, milliseconds, context in
                guard let context else { return 0 }
                let engine = Unmanaged<TransferEngine>.fromOpaque(context).takeUnretainedValue()
                engine.timer =
                    milliseconds < 0
                    ? .infinity : TransferClock.now() + Double(milliseconds) * 1e-3
                return 0
            }, context)
    }

    private func watch(_ socket: Int32, for what: Int32, isNew: Bool) {
        guard what != CURL_POLL_REMOVE else { return poll.forget(socket) }
        poll.watch(socket, for: what, isNew: isNew)
        // Any mark will do: libcurl hands it back while it keeps the socket.
        if isNew { curl_multi_assign(multi, socket, Unmanaged.passUnretained(self).toOpaque()) }
    }

    func start(_ request: HTTPRequest, id: Int, sink: Transfer.Sink) {
        guard !isShutDown else { return Transfer.fail(sink, with: .cancelled) }
        do throws(HTTPError) {
            let easy = if let kept = spare.popLast() { kept } else { try EasyHandle() }
            let now = TransferClock.now()
            let transfer = Transfer(id: id, request: request, easy: easy, sink: sink, now: now)
            do throws(HTTPError) {
                try setup.apply(request, to: transfer)
                try add(transfer)
            } catch {
                recycle(easy)
                throw error
            }
            nextDeadline = min(nextDeadline, transfer.clock.earliestDeadline(at: now))
        } catch {
            Transfer.fail(sink, with: error)
        }
    }

    /// Stops a transfer; nothing happens if it has ended already.
    func cancel(_ id: Int) {
        if let transfer = remove(id) { transfer.fail(.cancelled) }
    }

    /// Stops every transfer, and refuses new ones.
    func shutDown() {
        isShutDown = true
        for id in running.keys { cancel(id) }
    }

    /// Waits until something can be done, the bell rings or a timeout may have passed; then does
    /// what can be done without waiting.
    func turn(mayWait: Bool) {
        let now = TransferClock.now()
        let seconds = mayWait ? min(max(min(timer, nextDeadline) - now, 0), Self.longestWait) : 0
        poll.wait(milliseconds: Int32((seconds * 1_000).rounded(.up)), handle: act)
        if timer <= TransferClock.now() {
            timer = .infinity
            act(CURL_SOCKET_TIMEOUT, 0)
        }
        tellEnded()
        expire()
    }

    private func act(_ socket: Int32, _ state: Int32) {
        var count: Int32 = 0
        let code = curl_multi_socket_action(multi, socket, state, &count)
        if code != CURLM_OK { failAll(code) }
    }

    private func tellEnded() {
        var pointer: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while ccurl_multi_next_done(multi, &pointer, &result) {
            guard let pointer, let id = Self.transfer(of: pointer)?.id else { continue }
            finish(id, result)
        }
    }

    private func add(_ transfer: Transfer) throws(HTTPError) {
        let code = curl_multi_add_handle(multi, transfer.easy.pointer)
        guard code == CURLM_OK else { throw Self.error(code) }
        running[transfer.id] = transfer
    }

    private func finish(_ id: Int, _ code: CURLcode) {
        guard let transfer = running[id] else { return }
        let error = code == CURLE_OK ? nil : transfer.error(for: code)
        remove(id)
        if let error {
            transfer.fail(error)
        } else {
            transfer.complete(now: TransferClock.now())
        }
    }

    /// Ends what has taken too long.
    private func expire() {
        let now = TransferClock.now()
        guard now >= nextDeadline else { return }
        nextDeadline = .infinity
        for (id, transfer) in running {
            // libcurl tells of bytes received, and of bytes sent only when it is asked.
            let uploaded = transfer.easy.offset(CURLINFO_SIZE_UPLOAD_T)
            if uploaded > transfer.uploaded {
                transfer.uploaded = uploaded
                transfer.clock.active(at: now)
            }
            let deadline = transfer.clock.deadline
            if deadline.time <= now {
                let error = transfer.timeoutError(deadline.bound)
                remove(id)
                transfer.fail(error)
            } else {
                nextDeadline = min(nextDeadline, transfer.clock.earliestDeadline(at: now))
            }
        }
    }

    private func failAll(_ code: CURLMcode) {
        for id in running.keys { remove(id)?.fail(Self.error(code)) }
    }

    private static func error(_ code: CURLMcode) -> HTTPError {
        .other(code: Int(code.rawValue), text: String(cString: curl_multi_strerror(code)))
    }

    @discardableResult
    private func remove(_ id: Int) -> Transfer? {
        guard let transfer = running.removeValue(forKey: id) else { return nil }
        curl_multi_remove_handle(multi, transfer.easy.pointer)
        recycle(transfer.easy)
        if running.isEmpty { nextDeadline = .infinity }
        return transfer
    }

    private func recycle(_ easy: EasyHandle) {
        guard spare.count < Self.keptHandles else { return }
        easy.reset()
        spare.append(easy)
    }

    private static func transfer(of easy: UnsafeMutableRawPointer) -> Transfer? {
        var pointer: UnsafeMutableRawPointer?
        guard ccurl_get_pointer(easy, CURLINFO_PRIVATE, &pointer) == CURLE_OK, let pointer
        else { return nil }
        return Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
    }
}
