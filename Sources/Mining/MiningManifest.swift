import Consulting
import Digests
import Inquiry
import Memory
import Rows
import Tools

/// Everything that decides what a run of `mine` comes to. Two runs with the same manifest give the same
/// report and the same pack, byte for byte.
public struct MiningManifest: Codable, Hashable, Sendable {
    /// Changes whenever the same manifest would come to something else.
    public static let engineVersion = "mine/1"
    /// Whose prompts a language model is asked with.
    public static let inquiry = "mine-text"

    public var engine = Self.engineVersion
    public let data: DataReference
    public let seed: UInt64
    public let settings: MiningSettings
    /// What experts say of good features; a language model is told it.
    public let guidelines: String?
    /// What earlier tasks confirmed, as it was when the run began.
    public private(set) var experience: [FeatureTool]
    /// The language model that proposes; nil where the inducer does.
    public let proposer: ProposerReference?
    /// Where Python that a language model wrote runs.
    public let python: Python
    /// The encoder whose kinds of texts are proposed from; nil where there is none.
    public let embedding: TextEmbedding.Reference?
    /// What waits for people; nil where everything goes on by itself.
    public let approval: ApprovalPolicy?

    public init(
        data: DataReference, seed: UInt64, settings: MiningSettings, guidelines: String? = nil,
        experience: [FeatureTool] = [], proposer: ProposerReference? = nil,
        python: Python = .sandboxed, embedding: TextEmbedding.Reference? = nil,
        approval: ApprovalPolicy? = nil
    ) {
        self.data = data
        self.seed = seed
        self.settings = settings
        self.guidelines = guidelines
        self.experience = experience
        self.proposer = proposer
        self.python = python
        self.embedding = embedding
        self.approval = approval
    }

    /// Names the random choices of a step, so that no two steps share a stream.
    enum Stream: UInt64 {
        case folds = 1
        case selection, bootstrap, permutation, null, stability, screening, sample, embedding
    }

    func seed(_ stream: Stream) -> UInt64 { seed &* 1_000_003 &+ stream.rawValue }

    /// Where Python that a language model wrote runs, as it was found when the run began.
    public enum Python: String, Codable, Hashable, Sendable {
        case sandboxed = "in a sandbox"
        /// As the user said it may.
        case unsafe = "without a sandbox"
        /// There is no sandbox here.
        case none = "not at all"
    }

    /// Whether a proposer may write Python.
    var allowsPython: Bool { python != .none }

    /// The file of rows and what is read of it.
    public struct DataReference: Codable, Hashable, Sendable {
        public let path: String
        public let format: RowFormat?
        public let schema: RowSchema
        public let rows: Int
        public let digest: Digest
        /// Names the texts, whatever is read of them beside.
        public let sketch: TextSketch

        public init(path: String, format: RowFormat?, schema: RowSchema, rows: RowSet) {
            self.path = path
            self.format = format
            self.schema = schema
            self.rows = rows.count
            digest = rows.digest
            sketch = TextSketch(rows.texts + (rows.otherTexts ?? []))
        }
    }

    /// As the memory keeps it.
    public var text: String {
        get throws { try CanonicalJSON.encode(self) }
    }

    /// Reads the manifest that a run began with.
    ///
    /// - Throws: ``MiningError/manifestUnreadable(run:reason:)``.
    public init(of run: RunRow) throws {
        do {
            self = try CanonicalJSON.decode(MiningManifest.self, from: run.manifest)
        } catch {
            throw MiningError.manifestUnreadable(run: run.id, reason: "\(error)")
        }
        guard engine == Self.engineVersion else {
            throw MiningError.manifestUnreadable(run: run.id, reason: engine)
        }
    }

    /// Whether a run is one of `mine`, whatever its version.
    public static func isOne(_ run: RunRow) -> Bool {
        struct Engine: Decodable { let engine: String }
        let engine = try? CanonicalJSON.decode(Engine.self, from: run.manifest).engine
        return engine?.hasPrefix("mine/") ?? false
    }

    /// The same task with what earlier ones confirmed.
    public func with(experience: [FeatureTool]) -> MiningManifest {
        var manifest = self
        manifest.experience = experience
        return manifest
    }

    /// Names the study without what it knew.
    public var study: String {
        get throws { SHA256.digest(of: try with(experience: []).text).hex }
    }

    /// What the manifest says, for people.
    public var facts: [RunRecord.Fact] {
        let schema = data.schema
        let encoder = embedding.map {
            RunRecord.Fact("Embedding", "\($0.name), SHA-256 \($0.identity.hex.prefix(16))")
        }
        return [
            .init("Rows", "\(data.rows) of \(data.path), SHA-256 \(data.digest.hex.prefix(16))"),
            .init("Text", schema.text.names.joined(separator: ", ")),
            .init("Target", target),
            .init("Groups", schema.group ?? "none: each row is alone"),
            .init("Time", schema.time ?? "not used"),
            .init("Gains over", (["the length"] + schema.confounders).joined(separator: ", ")),
            .init("Selection", "\(settings.criterion.rawValue), beam \(settings.beamWidth)"),
            .init("Rounds of reflection", "\(settings.reflections)"),
            .init("Tools of earlier tasks", "\(experience.count)"),
            .init("Proposer", proposer?.identity.name ?? "the built-in inducer"),
            .init("Python", python.rawValue),
            .init("Seed", "\(seed)"),
            .init("Engine", engine),
        ] + (encoder.map { [$0] } ?? [])
            + (approval.map { [.init("Waits for people", $0.words)] } ?? [])
    }

    /// What the target is, in words.
    var target: String {
        switch data.schema.target {
        case .numeric(let column): column
        case .ordinal(let column): "\(column), of which the order counts"
        case .binary(let column): "\(column), yes or no"
        case .counts(let successes, let trials): "\(successes) of \(trials)"
        case .preference: "which of two texts was preferred"
        }
    }
}
