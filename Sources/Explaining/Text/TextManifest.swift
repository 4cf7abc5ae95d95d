import Consulting
import Inquiry

/// Everything that decides what a run of `explain` over text comes to. Two runs with the same manifest
/// give the same report, byte for byte.
public struct TextManifest: Codable, Hashable, Sendable {
    /// Changes whenever the same manifest would come to something else.
    public static let engineVersion = "explain-text/1"

    public var engine = Self.engineVersion
    public let subject: TextSubjectReference
    public let corpus: TextCorpusReference
    public let request: FeatureRequest
    public let seed: UInt64
    public let plan: InquiryPlan
    public let controls: ExplainManifest.Controls
    /// What earlier studies taught, as it was when the run began.
    public internal(set) var experience: [ExplainManifest.Knowledge]
    /// Whether the language model is asked only where nothing that the rule inducer proposed is
    /// supported.
    public let inducerFirst: Bool
    /// The language model that proposes; nil where the rule inducer does.
    public internal(set) var proposer: ProposerReference?
    /// Features of a wave, which those of later waves learn from (``RunLessons``); nil where all are
    /// explained at once.
    public let wave: Int?

    public init(
        subject: TextSubjectReference, corpus: TextCorpusReference, request: FeatureRequest,
        seed: UInt64, plan: InquiryPlan, controls: ExplainManifest.Controls,
        experience: [ExplainManifest.Knowledge] = [], inducerFirst: Bool = false,
        proposer: ProposerReference? = nil, wave: Int? = nil
    ) {
        self.subject = subject
        self.corpus = corpus
        self.request = request
        self.seed = seed
        self.plan = plan
        self.controls = controls
        self.experience = experience
        self.inducerFirst = inducerFirst
        self.proposer = proposer
        self.wave = wave
    }

    /// Names the texts, however they are dealt: another seed deals them to other splits.
    var corpusName: String { "texts \(corpus.digest)" }

    /// - Parameter lessons: of earlier waves; nil where there are no waves.
    func experience(for feature: Feature, _ lessons: [RunLesson]?) -> FeatureExperience {
        if let lessons {
            return FeatureExperience(experience, and: lessons, for: feature, seed: seed)
        }
        return feature.isWithoutLessons(seed: seed)
            ? FeatureExperience() : FeatureExperience(experience, for: feature)
    }
}

/// What a subject of text is and where it was.
public struct TextSubjectReference: Codable, Hashable, Sendable {
    /// Where a subject is measured.
    public enum Place: Codable, Hashable, Sendable {
        /// In this process: the model's folder, and the autoencoder's folder or file.
        case files(model: String, autoencoder: String)
        /// At Neuronpedia, as `gemma-2-2b/11-gemmascope-res-16k`.
        case neuronpedia(source: String)
        /// At a server of one's own with Neuronpedia's inference routes.
        case server(address: String, source: String)
    }

    public let place: Place
    /// What people call it.
    public let name: String
    public let hook: String
    /// Nil where nobody says.
    public let latents: Int?
    public let directions: Int
    /// The digest of everything that decides a measurement.
    public let identity: String

    public init(
        place: Place, name: String, hook: String, latents: Int?, directions: Int, identity: String
    ) {
        self.place = place
        self.name = name
        self.hook = hook
        self.latents = latents
        self.directions = directions
        self.identity = identity
    }
}

/// Which texts a study reads. The texts themselves are kept in the memory.
public struct TextCorpusReference: Codable, Hashable, Sendable {
    /// The files that they came from.
    public let files: [String]
    public let documents: Int
    /// The last of them that are published exemplars.
    public let published: Int
    public let passages: Int
    /// Units of the longest passage.
    public let passageLimit: Int
    /// Over all passages, in order, with their documents.
    public let digest: String
}
