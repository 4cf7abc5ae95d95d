import Consulting
import Digests
import Inquiry
import Memory
import Prompts

/// The manifest of a run of `explain`, about games or about texts.
public enum StudyManifest: Hashable, Sendable {
    case games(ExplainManifest)
    case texts(TextManifest)

    /// Reads the manifest that a run began with.
    ///
    /// - Throws: ``ExplainError/manifestUnreadable(run:reason:)``.
    public init(of run: RunRow) throws {
        do {
            switch try CanonicalJSON.decode(Engine.self, from: run.manifest).engine {
            case ExplainManifest.engineVersion, ExplainManifest.earlierVersion:
                self = .games(try CanonicalJSON.decode(ExplainManifest.self, from: run.manifest))
            case TextManifest.engineVersion:
                self = .texts(try CanonicalJSON.decode(TextManifest.self, from: run.manifest))
            case let other:
                throw ExplainError.manifestUnreadable(run: run.id, reason: other)
            }
        } catch let error as ExplainError {
            throw error
        } catch {
            throw ExplainError.manifestUnreadable(run: run.id, reason: "\(error)")
        }
    }

    private struct Engine: Decodable {
        let engine: String
    }

    /// What both kinds have.
    private var common: any CommonManifest {
        switch self {
        case .games(let manifest): manifest
        case .texts(let manifest): manifest
        }
    }

    /// As the memory keeps it.
    public var text: String {
        get throws { try CanonicalJSON.encode(common) }
    }

    public var proposer: ProposerReference? { common.proposer }
    public var plan: InquiryPlan { common.plan }
    public var seed: UInt64 { common.seed }
    var experienceCount: Int { common.experience.count }
    var wave: Int? { common.wave }
    /// The digest of everything that decides a measurement.
    var identity: String { common.identity }
    var hook: String { common.hook }
    /// What is measured before any inquiry begins, in words.
    public var inputs: String { common.inputs }
    var domain: RunRecord.Domain { common.domain }
    /// Names the data that a lesson was made from.
    var corpus: String { common.corpusName }
    /// Whose prompts a language model is asked with.
    public var inquiry: String { common.inquiry }

    /// Names the study without what it knew.
    var study: String {
        get throws { SHA256.digest(of: try with(experience: []).text).hex }
    }

    /// Inquiries of the run, controls included; nil where that is found out later.
    public var inquiries: Int? {
        let (request, latents) = (common.request, common.latents)
        if request == .all, latents == nil { return nil }
        return request.count(of: latents ?? 0) + common.controls.shuffled
            + common.controls.directions
    }

    /// Whether a language model is asked only where the rule inducer fails.
    public var isInducerFirst: Bool {
        if case .texts(let study) = self { study.inducerFirst } else { false }
    }

    /// Whether a feature was explained with lessons of others; nil where there was no choice.
    func hadLessons(_ feature: Feature, _ state: InquiryState) -> Bool? {
        guard wave == nil else { return state.beginning?.lessons?.hadLessons }
        guard case .texts(let manifest) = self, !manifest.experience.isEmpty else { return nil }
        return !feature.isWithoutLessons(seed: manifest.seed)
    }

    /// The same study with a language model that proposes.
    public func with(proposer: ProposerReference?) -> StudyManifest {
        changed { $0.proposer = proposer }
    }

    /// The same study with what earlier ones taught.
    public func with(experience: [ExplainManifest.Knowledge]) -> StudyManifest {
        changed { $0.experience = experience }
    }

    private func changed(_ change: (inout any CommonManifest) -> Void) -> StudyManifest {
        var manifest = common
        change(&manifest)
        return manifest.wrapped
    }
}

/// What manifests have whatever the domain.
private protocol CommonManifest: Encodable, Sendable {
    var plan: InquiryPlan { get }
    var seed: UInt64 { get }
    var request: FeatureRequest { get }
    var controls: ExplainManifest.Controls { get }
    var experience: [ExplainManifest.Knowledge] { get set }
    var proposer: ProposerReference? { get set }
    var wave: Int? { get }
    var identity: String { get }
    var hook: String { get }
    var latents: Int? { get }
    var domain: RunRecord.Domain { get }
    var inputs: String { get }
    var corpusName: String { get }
    var inquiry: String { get }
    var wrapped: StudyManifest { get }
}

extension ExplainManifest: CommonManifest {
    fileprivate var identity: String { subject.identity }
    fileprivate var hook: String { subject.hook }
    fileprivate var latents: Int? { subject.latents }
    fileprivate var domain: RunRecord.Domain { .othello(board: subject.board) }
    fileprivate var inputs: String { "\(games) games" }
    fileprivate var inquiry: String { ProposerBriefing.inquiry }
    fileprivate var wrapped: StudyManifest { .games(self) }
}

extension TextManifest: CommonManifest {
    fileprivate var identity: String { subject.identity }
    fileprivate var hook: String { subject.hook }
    fileprivate var latents: Int? { subject.latents }
    fileprivate var domain: RunRecord.Domain { .text }
    fileprivate var inputs: String { "\(corpus.passages) passages" }
    fileprivate var inquiry: String { ExplainerBriefing.inquiry }
    fileprivate var wrapped: StudyManifest { .texts(self) }
}
