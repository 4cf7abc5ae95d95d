/// What a server said of one text and latent.
struct RemoteReading: Sendable {
    let tokens: [String]
    /// Which tokens are no part of the text, if the server says so.
    let special: [Bool]?
    let values: [Float]
}

/// What came of asking a server for one latent on a few texts.
enum RemoteAnswer: Sendable {
    case readings([RemoteReading])
    /// Refused for one of the texts; which one, the server does not say.
    case refused(reason: String)
}

/// Turns texts and latents into the fewest requests of a server that takes one latent and a few texts
/// at a time, and its answers into outcomes.
///
/// Equal texts are sent once. A batch that is refused for one of its texts is halved until that text
/// stands alone; it is then a failure, and is not sent again for the other latents.
struct BatchedMeasurement: Sendable {
    /// For messages.
    let server: String
    /// The most texts of one request.
    let batchSize: Int
    /// Texts with more bytes are not sent.
    let longestText: Int
    let send:
        @Sendable (_ texts: [String], _ latent: Int) async throws(InstrumentError) -> RemoteAnswer

    func outcomes(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        if let wrong = latents.first(where: { $0 < 0 }) {
            throw .badName("\(wrong)", reason: "a latent's number is 0 or more")
        }
        let (distinct, places) = Self.distinct(texts)
        var progress = Progress(texts: distinct, longestText: longestText)
        for latent in latents where progress.readings[latent] == nil {
            progress.readings[latent] = [RemoteReading?](repeating: nil, count: distinct.count)
            let pending = distinct.indices.filter { progress.failures[$0] == nil }
            for start in stride(from: 0, to: pending.count, by: batchSize) {
                let batch = Array(pending[start..<min(pending.count, start + batchSize)])
                try await measure(batch, latent, &progress)
            }
        }
        var outcomes: [TextOutcome] = []
        for place in distinct.indices {
            outcomes.append(try outcome(place, latents, progress))
        }
        return places.map { outcomes[$0] }
    }

    private struct Progress {
        let texts: [String]
        /// Why a text has no reading.
        var failures: [Int: String] = [:]
        /// Readings by latent, one place per text.
        var readings: [Int: [RemoteReading?]] = [:]

        init(texts: [String], longestText: Int) {
            self.texts = texts
            for (place, text) in texts.enumerated() {
                if text.isEmpty {
                    failures[place] = "the text is empty"
                } else if text.utf8.count > longestText {
                    failures[place] =
                        "the text has \(text.utf8.count) bytes; up to \(longestText) are sent"
                }
            }
        }
    }

    private func measure(
        _ batch: [Int], _ latent: Int, _ progress: inout Progress
    ) async throws(InstrumentError) {
        let answer = try await send(batch.map { progress.texts[$0] }, latent)
        switch answer {
        case .readings(let readings):
            guard readings.count == batch.count else {
                throw .badReply(
                    server: server, place: "list of results",
                    reason: "has \(readings.count) for \(batch.count) texts")
            }
            for (place, reading) in zip(batch, readings) {
                progress.readings[latent]?[place] = reading
            }
        case .refused(let reason):
            guard batch.count > 1 else {
                progress.failures[batch[0]] = reason
                return
            }
            let middle = batch.count / 2
            try await measure(Array(batch[..<middle]), latent, &progress)
            try await measure(Array(batch[middle...]), latent, &progress)
        }
    }

    private func outcome(
        _ place: Int, _ latents: [Int], _ progress: Progress
    ) throws(InstrumentError) -> TextOutcome {
        if let reason = progress.failures[place] { return .failed(reason: reason) }
        let readings = latents.compactMap { progress.readings[$0]?[place] }
        guard let first = readings.first else {
            return .reading(TextReading(tokens: [], values: []))
        }
        guard readings.allSatisfy({ $0.tokens == first.tokens }) else {
            throw .badReply(
                server: server, place: "list of tokens", reason: "differs between two latents")
        }
        let tokens = TokenPieces.tokens(
            first.tokens, special: first.special, in: progress.texts[place])
        guard tokens.contains(where: { !$0.isSpecial }) else {
            return .failed(reason: "the text has no tokens")
        }
        return .reading(TextReading(tokens: tokens, values: readings.map(\.values)))
    }

    /// The texts that differ, in the order in which they come, and where among them each text is.
    static func distinct(_ texts: [String]) -> (texts: [String], places: [Int]) {
        // By bytes: two spellings of one character are two texts.
        var known: [[UInt8]: Int] = [:]
        var distinct: [String] = []
        let places = texts.map { text in
            let bytes = Array(text.utf8)
            if let place = known[bytes] { return place }
            known[bytes] = distinct.count
            distinct.append(text)
            return distinct.count - 1
        }
        return (distinct, places)
    }

    /// Requests that `outcomes` sends if nothing is refused.
    func requestCount(texts: [String], latents: [Int]) -> Int {
        let sent = Self.distinct(texts).texts.count {
            !$0.isEmpty && $0.utf8.count <= longestText
        }
        return (sent + batchSize - 1) / batchSize * Set(latents).count
    }
}
