/// A source of features at Neuronpedia: one dictionary of one model.
public struct NeuronpediaSource: Sendable, Hashable, CustomStringConvertible {
    /// For instance "gemma-2-2b".
    public let model: String
    /// For instance "11-gemmascope-res-16k".
    public let source: String

    /// - Throws: ``InstrumentError/badName(_:reason:)`` for a character that names do not have.
    public init(model: String, source: String) throws(InstrumentError) {
        for name in [model, source] { try Self.check(name) }
        self.model = model
        self.source = source
    }

    /// Reads "MODEL/SOURCE".
    public init(parsing text: String) throws(InstrumentError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw .badName(text, reason: "a source is MODEL/SOURCE, as in gpt2-small/6-res-jb")
        }
        try self.init(model: String(parts[0]), source: String(parts[1]))
    }

    public var description: String { "\(model)/\(source)" }

    private static func check(_ name: String) throws(InstrumentError) {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                    || "-_.".unicodeScalars.contains($0))
        }
        guard isPlain, (1...128).contains(name.count), !name.hasPrefix(".") else {
            throw .badName(name, reason: "names have letters, digits, \"-\", \"_\" and \".\" only")
        }
    }
}

/// A feature at Neuronpedia.
public struct NeuronpediaFeature: Sendable, Hashable, CustomStringConvertible {
    public let source: NeuronpediaSource
    public let index: Int

    /// The greatest index that Neuronpedia takes.
    public static let greatestIndex = 10_000_000

    public init(source: NeuronpediaSource, index: Int) throws(InstrumentError) {
        guard (0...Self.greatestIndex).contains(index) else {
            throw .badName("\(index)", reason: "an index is from 0 to \(Self.greatestIndex)")
        }
        self.source = source
        self.index = index
    }

    /// Reads "MODEL/SOURCE/INDEX", as in "gemma-2-2b/11-gemmascope-res-16k/5125".
    public init(parsing text: String) throws(InstrumentError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let index = Int(parts[2]), String(index) == parts[2] else {
            throw .badName(
                text,
                reason: "a feature is MODEL/SOURCE/INDEX, as in "
                    + "gemma-2-2b/11-gemmascope-res-16k/5125")
        }
        try self.init(
            source: try NeuronpediaSource(model: String(parts[0]), source: String(parts[1])),
            index: index)
    }

    public var description: String { "\(source)/\(index)" }
}
