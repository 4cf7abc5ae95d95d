import Consulting
import Digests
import Inquiry
import Memory
import Prompts

/// Everything that decides what inquiries into planted features with a language model come to.
public struct PlantedManifest: Codable, Hashable, Sendable {
    /// Changes whenever the same manifest would come to something else.
    public static let engineVersion = "planted/1"

    public var engine = Self.engineVersion
    /// The hash of the texts, in order.
    public let corpus: String
    public let features: Int
    public let nulls: Int
    public let seed: UInt64
    public let plan: InquiryPlan
    public let proposer: ProposerReference

    public init(
        texts: [String], features: Int, nulls: Int, seed: UInt64, plan: InquiryPlan,
        proposer: ProposerReference
    ) throws {
        corpus = SHA256.digest(of: try CanonicalJSON.encode(texts)).hex
        self.features = features
        self.nulls = nulls
        self.seed = seed
        self.plan = plan
        self.proposer = proposer
    }

    /// The manifest that a run began with; nil where the run is none of these.
    public init?(of run: RunRow) {
        guard let manifest = try? CanonicalJSON.decode(Self.self, from: run.manifest),
            manifest.engine == Self.engineVersion
        else { return nil }
        self = manifest
    }

    /// Whose prompts the model is asked with.
    public static var inquiry: String { ExplainerBriefing.inquiry }

    /// Whether a run with this manifest can go on as one with another: nothing differs but what the model
    /// may use up, what it is called on the command line, and how it is found to take schemas.
    public func goesOn(as other: PlantedManifest) -> Bool {
        let (own, theirs) = (proposer, other.proposer)
        return engine == other.engine && corpus == other.corpus && features == other.features
            && nulls == other.nulls && seed == other.seed && plan == other.plan
            && own.identity == theirs.identity && own.sampling == theirs.sampling
            && own.prompts == theirs.prompts
    }
}
