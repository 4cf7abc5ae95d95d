import Digests

/// Gives back what was recorded of another instrument, whose name and identity it bears.
///
/// A text or latent that was not recorded is an error: nothing is made up.
public struct RecordedTextInstrument: TextInstrument {
    public let path: String
    public let name: String
    public let identity: Digest
    public let latentCount: Int?
    public var batchSize: Int { 1024 }

    private struct Entry {
        var tokens: [TextReading.Token] = []
        var values: [Int: [Float]] = [:]
        var failures: [Int: String] = [:]
    }
    /// By the texts' bytes: two spellings of one character are two texts.
    private let entries: [[UInt8]: Entry]

    /// The most lines that are read.
    public static let lineLimit = 10_000_000

    /// - Throws: ``InstrumentError/badFile(path:place:reason:)`` naming the line that is not sound, or
    ///   that contradicts an earlier one.
    public init(path: String) throws(InstrumentError) {
        self.path = path
        var head: (name: String, identity: Digest, latentCount: Int?)?
        var entries: [[UInt8]: Entry] = [:]
        try LineFile(path: path).forEachLine { line, number throws(InstrumentError) in
            let reader = RecordingReader(path: path, number: number)
            guard number <= Self.lineLimit else {
                throw .badFile(
                    path: path, place: "", reason: "has more than \(Self.lineLimit) lines")
            }
            let value = try reader.parse(line)
            guard head != nil else {
                head = try reader.head(value)
                return
            }
            let (text, latents, outcome) = try reader.outcome(value)
            let bytes = Array(text.utf8)
            guard Self.add(latents, outcome, to: &entries[bytes, default: Entry()]) else {
                throw .badFile(
                    path: path, place: "line \(number)",
                    reason: "contradicts what an earlier line says of the same text")
            }
        }
        guard let head else {
            throw .badFile(
                path: path, place: "", reason: "is empty; a recording begins with a head")
        }
        (name, identity, latentCount) = head
        self.entries = entries
    }

    /// - Returns: whether it agrees with what is there.
    private static func add(
        _ latents: [Int], _ outcome: TextOutcome, to entry: inout Entry
    ) -> Bool {
        switch outcome {
        case .failed(let reason):
            for latent in latents {
                if entry.values[latent] != nil { return false }
                entry.failures[latent] = reason
            }
        case .reading(let reading):
            guard entry.tokens.isEmpty || entry.tokens == reading.tokens else { return false }
            entry.tokens = reading.tokens
            for (latent, values) in zip(latents, reading.values) {
                if entry.failures[latent] != nil { return false }
                if let known = entry.values[latent], known != values { return false }
                entry.values[latent] = values
            }
        }
        return true
    }

    public func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        var outcomes: [TextOutcome] = []
        for text in texts {
            let entry = entries[Array(text.utf8)] ?? Entry()
            if let reason = latents.compactMap({ entry.failures[$0] }).first {
                outcomes.append(.failed(reason: reason))
                continue
            }
            var values: [[Float]] = []
            for latent in latents {
                guard let found = entry.values[latent] else {
                    throw .notRecorded(path: path, text: text, latent: latent)
                }
                values.append(found)
            }
            outcomes.append(.reading(TextReading(tokens: entry.tokens, values: values)))
        }
        return outcomes
    }
}
