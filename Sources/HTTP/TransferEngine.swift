import CCurl
import Foundation

/// Runs transfers on one libcurl multi handle. One thread at a time: see `TransferLoop`.
final class TransferEngine {
    /// Idle connections that are kept for later requests. Connections in use are not limited:
    /// whoever sends many requests at once bounds them.
    private static let keptConnections = 512
    /// Handles that are kept for later requests, some 10 KB each.
    private static let keptHandles = 256
    /// The longest a wait lasts, in seconds; libcurl counts in 32-bit milliseconds.
    private static let longestWait: Double = 3_600

    private let multi: UnsafeMutableRawPointer
    private let setup: RequestSetup
    private var running: [Int: Transfer] = [:]
    private var spare: [EasyHandle] = []
    /// No timeout passes before this.
    private var nextDeadline = Double.infinity
    private var isShutDown = false

    /// Takes `multi` over: it is freed with the engine.
    init(multi: UnsafeMutableRawPointer, setup: RequestSetup) {
        self.multi = multi
        self.setup = setup
        _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.keptConnections)
    }

    deinit {
        for transfer in running.values { curl_multi_remove_handle(multi, transfer.easy.pointer) }
        curl_multi_cleanup(multi)
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

    /// Moves every transfer on as far as it goes without waiting.
    func perform() {
        guard !running.isEmpty else { return }
        var count: Int32 = 0
        let code = curl_multi_perform(multi, &count)
        if code != CURLM_OK { return failAll(code) }
        var pointer: UnsafeMutableRawPointer?
        var result = CURLE_OK
        while ccurl_multi_next_done(multi, &pointer, &result) {
            guard let pointer, let id = Self.transfer(of: pointer)?.id else { continue }
            finish(id, result)
        }
        expire()
    }

    /// Waits until a transfer can move on, a timeout may have passed, or the multi handle is woken.
    func wait() {
        let seconds = min(max(nextDeadline - TransferClock.now(), 0), Self.longestWait)
        let milliseconds = Int32((seconds * 1_000).rounded(.up))
        let code = curl_multi_poll(multi, nil, 0, milliseconds, nil)
        if code != CURLM_OK { failAll(code) }
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
