import Digests
import Inquiry
import Memory

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

    /// The same study with what earlier ones taught.
    public func with(experience: [ExplainManifest.Knowledge]) -> StudyManifest {
        switch self {
        case .games(let manifest): .games(manifest.with(experience: experience))
        case .texts(let manifest): .texts(manifest.with(experience: experience))
        }
    }
}
