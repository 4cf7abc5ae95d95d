import Inquiry
import Rows
import Tools

/// Has ideas for features. It reads discover rows and figures of what was chosen so far, and decides
/// nothing.
protocol FeatureProposer: Sendable {
    /// - Returns: no candidates where it has no more ideas.
    func propose(_ view: ProposerView) async throws -> MiningEvent.Proposal

    /// Mends a tool that did not pass its check.
    ///
    /// - Returns: nil where it cannot.
    func repair(
        _ candidate: Candidate, faults: [String]
    ) async throws -> (tool: FeatureTool?, consultations: [Consultation])
}

/// What a proposer may know.
struct ProposerView: Sendable {
    let round: Int
    let discover: RoleView<Discover>
    /// Of the discover rows: the target's standardised ranks, less what the features so far say of them.
    let residual: [Double]
    /// The same of the select rows. Only a procedure that is cross-fitted may take it in.
    let selectResidual: [Double]
    let state: MiningState
}

/// Proposes the built-in statistics of a text and induced lexicons: what works without a key.
struct InducingFeatureProposer: FeatureProposer {
    private let inducer: LexiconInducer
    private let experience: [FeatureTool]
    /// Whether the discover rows are pairs of texts.
    private let isPaired: Bool
    private let contrast: CrossFittedContrast
    /// Kinds of texts, where there is an embedding.
    let kinds: EmbeddingKinds?

    init(
        _ discover: RoleView<Discover>, training: TrainingRows, experience: [FeatureTool],
        kinds: EmbeddingKinds? = nil
    ) {
        self.kinds = kinds
        contrast = CrossFittedContrast(training)
        inducer = LexiconInducer(texts: discover.rows.texts + (discover.rows.otherTexts ?? []))
        isPaired = discover.rows.otherTexts != nil
        self.experience = experience
    }

    func propose(_ view: ProposerView) async throws -> MiningEvent.Proposal {
        var candidates: [Candidate] = []
        if view.round == 0 {
            candidates += experience.map { Candidate(tool: $0, origin: .experience, round: 0) }
            candidates += ExpressionCatalogue.standard.map {
                Candidate(tool: $0, origin: .catalogue, round: 0)
            }
        }
        candidates += induced(view.residual, round: view.round).map {
            Candidate(tool: $0, origin: .inducer, round: view.round)
        }
        if let family = family(view.residual + view.selectResidual, round: view.round) {
            candidates.append(
                Candidate(
                    tool: family.tool, origin: .inducer, round: view.round,
                    foldTools: family.foldTools))
        }
        return MiningEvent.Proposal(
            candidates: candidates.withoutRepeats(of: view.state.candidates), consultations: [],
            unreadable: [])
    }

    /// Lexicons for a target of the discover rows: of a pair, what is high for one text is low for the
    /// other. In the first round also the words of the kinds of texts that go most with it.
    func induced(_ target: [Double], round: Int) -> [FeatureTool] {
        let kindWords =
            round > 0
            ? []
            : kinds?.telling(target).compactMap {
                inducer.words(ofKind: $0.latent, $0.activations)
            } ?? []
        return inducer.propose(
            target: isPaired ? target + target.map { -$0 } : target, round: round) + kindWords
    }

    /// The contrast of words for a target of the training rows. It comes in later rounds only, for what
    /// features of one meaning leave.
    func family(_ target: [Double], round: Int) -> CrossFittedContrast.Family? {
        round > 0 ? contrast.contrast(target, round: round) : nil
    }

    func repair(
        _ candidate: Candidate, faults: [String]
    ) async throws -> (tool: FeatureTool?, consultations: [Consultation]) { (nil, []) }
}

extension [Candidate] {
    /// Without tools that compute what an earlier one computes; one whose name is taken gets a number.
    func withoutRepeats(of earlier: [Candidate]) -> [Candidate] {
        var hashes = Set(earlier.map(\.tool.hash))
        var names = Set(earlier.map(\.tool.name)).union([MiningStudy.lengthName])
        return filter { hashes.insert($0.tool.hash).inserted }.map { candidate in
            var candidate = candidate
            var number = 2
            while names.contains(candidate.tool.name) {
                candidate = candidate.renamed(number)
                number += 1
            }
            names.insert(candidate.tool.name)
            return candidate
        }
    }
}

extension Candidate {
    /// The same with a number at the end of its name.
    fileprivate func renamed(_ number: Int) -> Candidate {
        let stem = tool.name.prefix(55).split(separator: "-").joined(separator: "-")
        guard
            let tool = try? FeatureTool(
                name: "\(stem)-\(number)", title: tool.title, kind: tool.kind,
                examples: tool.examples, version: tool.version, parent: tool.parent)
        else { preconditionFailure("\(stem)-\(number) is no name") }
        return Candidate(tool: tool, origin: origin, round: round, foldTools: foldTools)
    }
}
