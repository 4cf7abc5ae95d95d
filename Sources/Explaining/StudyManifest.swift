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
            case ExplainManifest.engineVersion:
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

    /// As the memory keeps it.
    public var text: String {
        get throws {
            switch self {
            case .games(let manifest): try CanonicalJSON.encode(manifest)
            case .texts(let manifest): try CanonicalJSON.encode(manifest)
            }
        }
    }

    public var proposer: ProposerReference? {
        switch self {
        case .games(let manifest): manifest.proposer
        case .texts(let manifest): manifest.proposer
        }
    }

    public var plan: InquiryPlan {
        switch self {
        case .games(let manifest): manifest.plan
        case .texts(let manifest): manifest.plan
        }
    }

    var seed: UInt64 {
        switch self {
        case .games(let manifest): manifest.seed
        case .texts(let manifest): manifest.seed
        }
    }

    /// The digest of everything that decides a measurement.
    var identity: String {
        switch self {
        case .games(let manifest): manifest.subject.identity
        case .texts(let manifest): manifest.subject.identity
        }
    }

    var hook: String {
        switch self {
        case .games(let manifest): manifest.subject.hook
        case .texts(let manifest): manifest.subject.hook
        }
    }

    /// What is measured before any inquiry begins, in words.
    public var inputs: String {
        switch self {
        case .games(let manifest): "\(manifest.games) games"
        case .texts(let manifest): "\(manifest.corpus.passages) passages"
        }
    }

    var domain: RunRecord.Domain {
        switch self {
        case .games(let manifest): .othello(board: manifest.subject.board)
        case .texts: .text
        }
    }

    /// Names the study without what it knew.
    var study: String {
        get throws {
            switch self {
            case .games(let manifest): try manifest.study
            case .texts(let manifest): try manifest.study
            }
        }
    }

    /// Names the data that a lesson was made from.
    var corpus: String {
        switch self {
        case .games(let manifest): manifest.corpus
        case .texts(let manifest): "texts \(manifest.corpus.digest)"
        }
    }

    /// Whether a feature was explained with the lessons of earlier studies; nil where there was no choice.
    func hadLessons(_ feature: Feature) -> Bool? {
        guard case .texts(let manifest) = self, !manifest.experience.isEmpty else { return nil }
        return !manifest.withholdsLessons(from: feature)
    }

    /// Inquiries of the run, controls included; nil where that is found out later.
    public var inquiries: Int? {
        let (request, latents, controls) =
            switch self {
            case .games(let study): (study.request, study.subject.latents as Int?, study.controls)
            case .texts(let study): (study.request, study.subject.latents, study.controls)
            }
        if request == .all, latents == nil { return nil }
        return request.count(of: latents ?? 0) + controls.shuffled + controls.directions
    }

    /// Whether a language model is asked only where the rule inducer fails.
    public var isInducerFirst: Bool {
        if case .texts(let study) = self { study.inducerFirst } else { false }
    }

    /// Whose prompts a language model is asked with.
    public var inquiry: String {
        switch self {
        case .games: ProposerBriefing.inquiry
        case .texts: ExplainerBriefing.inquiry
        }
    }

    /// The same study with a language model that proposes.
    public func with(proposer: ProposerReference?) -> StudyManifest {
        switch self {
        case .games(let study):
            .games(
                ExplainManifest(
                    subject: study.subject, request: study.request, seed: study.seed,
                    games: study.games, plan: study.plan, controls: study.controls,
                    experience: study.experience, proposer: proposer))
        case .texts(let study):
            .texts(
                TextManifest(
                    subject: study.subject, corpus: study.corpus, request: study.request,
                    seed: study.seed, plan: study.plan, controls: study.controls,
                    experience: study.experience, inducerFirst: study.inducerFirst,
                    proposer: proposer))
        }
    }

    /// The same study with what earlier ones taught.
    public func with(experience: [ExplainManifest.Knowledge]) -> StudyManifest {
        switch self {
        case .games(let manifest): .games(manifest.with(experience: experience))
        case .texts(let manifest): .texts(manifest.with(experience: experience))
        }
    }
}
