import Foundation
import Synchronization

/// What tasks tell the loop. Posting never waits.
final class ServerInbox: Sendable {
    enum Letter {
        case reply(Exchange, ServedReply)
        case event(Exchange, ServerEvent)
        /// The stream of events has ended.
        case ended(Exchange)
        case stop
    }

    private struct Contents {
        var letters: [Letter] = []
        var waiters: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
    }

    /// Readable while there may be letters.
    let bell: Int32
    private let rope: Int32
    private let contents = Mutex(Contents())

    init() throws(ServingError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw .system(call: "pipe", reason: Descriptor.reason()) }
        ends.forEach(Descriptor.prepare)
        (bell, rope) = (ends[0], ends[1])
    }

    deinit {
        Glibc.close(bell)
        Glibc.close(rope)
    }

    func post(_ letter: Letter) {
        let isFirst = contents.withLock { contents in
            guard !contents.isClosed else { return false }
            contents.letters.append(letter)
            return contents.letters.count == 1
        }
        if isFirst {
            var byte: UInt8 = 0
            _ = write(rope, &byte, 1)
        }
    }

    /// The letters so far. The bell is silenced before: a later letter rings it again.
    func take() -> [Letter] {
        var bytes: (UInt64, UInt64) = (0, 0)
        while Glibc.read(bell, &bytes, 16) > 0 {}
        var letters: [Letter] = []
        contents.withLock { swap(&$0.letters, &letters) }
        return letters
    }

    /// Stops the server; returns when its loop has ended.
    func stopAndWait() async {
        post(.stop)
        await withCheckedContinuation { continuation in
            let isClosed = contents.withLock { contents in
                if !contents.isClosed { contents.waiters.append(continuation) }
                return contents.isClosed
            }
            if isClosed { continuation.resume() }
        }
    }

    /// The loop has ended.
    func close() {
        var waiters: [CheckedContinuation<Void, Never>] = []
        contents.withLock { contents in
            contents.isClosed = true
            contents.letters = []
            swap(&contents.waiters, &waiters)
        }
        for waiter in waiters { waiter.resume() }
    }
}

/// One request and its reply: which connection, and which request on it.
struct Exchange: Equatable, Sendable {
    let connection: Int
    let number: Int
}
