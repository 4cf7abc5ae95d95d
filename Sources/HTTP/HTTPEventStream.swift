/// The parts of one reply, as they arrive; for one reader.
///
/// It ends after the last byte. Whatever else ends it is thrown, a cancelled task included, so that
/// a reply cut short is never taken for a whole one. Letting go of the stream stops the transfer.
/// What has arrived and was not read yet is kept, up to the request's `replyLimit`.
public struct HTTPEventStream: AsyncSequence, Sendable {
    public typealias Element = HTTPStreamEvent
    public typealias Failure = HTTPError

    enum Piece: Sendable {
        case event(HTTPStreamEvent)
        case failure(HTTPError)
        case end
    }

    let pieces: AsyncStream<Piece>

    public func makeAsyncIterator() -> Iterator {
        Iterator(pieces: pieces.makeAsyncIterator())
    }

    public struct Iterator: AsyncIteratorProtocol {
        var pieces: AsyncStream<Piece>.Iterator
        private var isOver = false

        init(pieces: AsyncStream<Piece>.Iterator) { self.pieces = pieces }

        public mutating func next() async throws(HTTPError) -> HTTPStreamEvent? {
            try await next(isolation: nil)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPError) -> HTTPStreamEvent? {
            guard !isOver else { return nil }
            let piece = await pieces.next(isolation: actor)
            if case .event(let event)? = piece { return event }
            isOver = true
            switch piece {
            case .failure(let error)?: throw error
            case nil: throw .cancelled
            default: return nil
            }
        }
    }
}
