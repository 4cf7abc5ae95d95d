import Consulting
import Digests
import Foundation
import Games
import Inquiry

/// Everything that decides what a run of `explain` comes to. Two runs with the same manifest give the
/// same report, byte for byte.
public struct ExplainManifest: Codable, Hashable, Sendable {
    /// Changes whenever the same manifest would come to something else.
    public static let engineVersion = "explain/2"
    /// The version before, which compared no explanation with the catalogue's properties. Its runs can be
    /// gone on with and verified.
    static let earlierVersion = "explain/1"

    public var engine = Self.engineVersion
    public let subject: SubjectReference
    public let request: FeatureRequest
    public let seed: UInt64
    /// Games of the propose, tune and held-out splits together.
    public let games: Int
    public let plan: InquiryPlan
    /// Controls of each kind.
    public let controls: Controls
    /// What earlier studies taught, as it was when the run began.
    public internal(set) var experience: [Knowledge]
    /// The language model that proposes; nil where the rule inducer does.
    public internal(set) var proposer: ProposerReference?
    /// Features of a wave, which those of later waves learn from (``RunLessons``); nil where all are
    /// explained at once.
    public let wave: Int?

    public init(
        subject: SubjectReference, request: FeatureRequest, seed: UInt64, games: Int,
        plan: InquiryPlan, controls: Controls, experience: [Knowledge],
        proposer: ProposerReference? = nil, wave: Int? = nil
    ) {
        self.subject = subject
        self.request = request
        self.seed = seed
        self.games = games
        self.plan = plan
        self.controls = controls
        self.experience = experience
        self.proposer = proposer
        self.wave = wave
    }

    /// How many controls of each kind are run.
    public struct Controls: Codable, Hashable, Sendable {
        public let shuffled: Int
        public let directions: Int

        public init(shuffled: Int, directions: Int) {
            self.shuffled = shuffled
            self.directions = directions
        }
    }

    /// A formula that a study of the same subject on other games supported.
    public struct Knowledge: Codable, Hashable, Sendable {
        public let feature: String
        public let formula: String

        public init(feature: String, formula: String) {
            self.feature = feature
            self.formula = formula
        }
    }

    /// Names the games that a study deals: studies with one seed deal the same, some more of them.
    var corpusName: String { "seed \(seed) on \(subject.board)×\(subject.board)" }

    /// - Parameter lessons: of earlier waves; nil where there are no waves.
    func experience(for feature: Feature, _ lessons: [RunLesson]?) -> FeatureExperience {
        guard let lessons else { return FeatureExperience(experience, for: feature) }
        return FeatureExperience(experience, and: lessons, for: feature, seed: seed)
    }
}

/// What a subject is and where its files were.
public struct SubjectReference: Codable, Hashable, Sendable {
    public let model: String
    public let autoencoder: String
    public let hook: String
    public let board: Int
    public let context: Int
    public let latents: Int
    public let directions: Int
    /// The digest of everything that decides a measurement.
    public let identity: String

    public init(
        model: String, autoencoder: String, hook: String, board: Int, context: Int, latents: Int,
        directions: Int, identity: String
    ) {
        self.model = model
        self.autoencoder = autoencoder
        self.hook = hook
        self.board = board
        self.context = context
        self.latents = latents
        self.directions = directions
        self.identity = identity
    }
}

/// Which latents to explain.
public enum FeatureRequest: Codable, Hashable, Sendable {
    case list([Int])
    /// So many of those that are live on the corpus, drawn with the study's seed.
    case random(Int)
    case all

    /// Reads "3,17,40-59".
    public static func parse(_ text: String) throws(ExplainError) -> FeatureRequest {
        var result: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int($0.filter { $0 != " " }) }
            switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
            case (1, let only?, _) where only >= 0: result.append(only)
            case (2, let low?, let high?) where 0 <= low && low <= high && high - low < 1_000_000:
                result += low...high
            default: throw .badFeatureList(text)
            }
        }
        var seen: Set<Int> = []
        return .list(result.filter { seen.insert($0).inserted })
    }

    /// How many latents are asked for, of an autoencoder with `latents`.
    public func count(of latents: Int) -> Int {
        switch self {
        case .list(let list): list.count
        case .random(let count): count
        case .all: latents
        }
    }

    public var text: String {
        switch self {
        case .list(let list): "\(list.count) named latents"
        case .random(let count): "\(count) random live latents"
        case .all: "all live latents"
        }
    }
}
