import Games
import Inquiry
import Prompts

/// Puts into words and drawings what a language model may know of a feature: what the rule inducer may
/// know, and no more.
struct Briefer {
    let laboratory: OthelloLaboratory
    let state: InquiryState
    let beginning: Beginning
    private let evidence: Evidence

    static let exemplars = 10
    static let nearMisses = 10
    static let properties = 40
    static let failures = 12

    init(laboratory: OthelloLaboratory, state: InquiryState) throws {
        guard let beginning = state.beginning else { throw InquiryError.measuredBeforeBeginning }
        self.laboratory = laboratory
        self.state = state
        self.beginning = beginning
        evidence = try laboratory.evidence(state, beginning.threshold.value)
    }

    func proposerBriefing(wanted: Int) -> ProposerBriefing {
        ProposerBriefing(
            subject: subject, exemplars: exemplars,
            nearMisses: beginning.shown.nearMisses.spread(Self.nearMisses).map(example),
            frequencies: frequencies, wanted: wanted)
    }

    func refinerBriefing(_ parent: HypothesisRecord) throws -> RefinerBriefing {
        RefinerBriefing(
            subject: subject,
            leading: LeadingHypothesis(
                hypothesis: parent.hypothesis.quoted, status: parent.status.rawValue,
                roles: parent.roleResults),
            failures: try failures(of: parent.hypothesis.id),
            tried: state.records.map(\.tried), exemplars: Array(exemplars.prefix(5)),
            frequencies: frequencies)
    }

    private var subject: FeatureBrief {
        let rules = laboratory.rules
        let squares = rules.squares
        let limits = laboratory.study.settings.inducer
        return FeatureBrief(
            boardSize: rules.size,
            squares: [squares.first, squares.last].compactMap { $0 }.map(rules.name(of:))
                .joined(separator: " to "),
            legend: BoardText.legend, threshold: beginning.threshold.value,
            density: beginning.density, bar: state.plan.bar, maximumFacets: limits.facets,
            maximumLiterals: limits.literals)
    }

    /// Strong ones and weaker ones: what is shown is half the strongest, half drawn from all.
    private var exemplars: [BoardExample] {
        beginning.shown.exemplars.spread(Self.exemplars).map(example)
    }

    /// A position of the propose split.
    private func example(_ position: Int) -> BoardExample {
        let study = laboratory.study
        return BoardExample(
            board: BoardText.draw(study.propose.pool.observations[position], on: study.rules),
            moves: study.propose.pool.transcript(of: position),
            activation: Double(laboratory.view.propose[position]))
    }

    /// The properties that tell firing from silent positions best. Near-misses and background weigh
    /// the same, though there are far more of the latter.
    private var frequencies: [PropertyFrequency] {
        let firing = evidence[.exemplar] + evidence[.firingProbe]
        let rules = laboratory.rules
        func share(_ property: BoardProperty, _ boards: [Observation]) -> Double? {
            guard !boards.isEmpty else { return nil }
            return Double(boards.count { property.holds(in: $0) }) / Double(boards.count)
        }
        let all = laboratory.study.catalogue.map { property -> PropertyFrequency in
            let silent = [Evidence.Group.background, .silentProbe]
                .compactMap { share(property, evidence[$0]) }
            return PropertyFrequency(
                property: property.formula(on: rules), firing: share(property, firing) ?? 0,
                silent: silent.isEmpty ? 0 : silent.reduce(0, +) / Double(silent.count))
        }
        return Array(
            all.enumerated().sorted {
                let (a, b) = (abs($0.element.contrast), abs($1.element.contrast))
                return a == b ? $0.offset < $1.offset : a > b
            }.prefix(Self.properties).map(\.element))
    }

    private func failures(of hypothesis: Int) throws -> [FailedPrediction] {
        let rules = laboratory.rules
        return try state.failures(of: hypothesis, atMost: Self.failures).map { probe, value in
            let moves = try rules.moves(fromTranscript: probe.input)
            let board = Observation(try rules.position(after: moves), on: rules)
            return FailedPrediction(
                predicted: probe.prediction.rawValue,
                observed: probe.prediction.opposite.rawValue,
                role: probe.role.rawValue, note: probe.note,
                input: BoardExample(
                    board: BoardText.draw(board, on: rules), moves: probe.input, activation: value))
        }
    }
}

extension PropertyFrequency {
    fileprivate var contrast: Double { firing - silent }
}

/// A position in letters.
enum BoardText {
    static let legend =
        "X is the mover's disc, O the opponent's, @ the opponent's disc that was just played, * an "
        + "opponent's disc that was just flipped, + an empty square that the mover may play, and . "
        + "another empty square"

    static func draw(_ observation: Observation, on rules: Othello) -> String {
        let rows = (0..<rules.size).map { row in
            let cells = (0..<rules.size).map { column in
                sign(rules.squares[row * rules.size + column].mask, observation)
            }
            return "\(row + 1) " + cells.joined(separator: " ")
        }
        let letters = "ABCDEFGH".prefix(rules.size).map(String.init).joined(separator: " ")
        let mover = observation.moverIsBlack ? "Black" : "White"
        return (["  " + letters] + rows + ["the mover plays \(mover)"]).joined(separator: "\n")
    }

    private static func sign(_ square: UInt64, _ observation: Observation) -> String {
        switch true {
        case observation.justPlayed & square != 0: "@"
        case observation.justFlipped & square != 0: "*"
        case observation.mine & square != 0: "X"
        case observation.theirs & square != 0: "O"
        case observation.legalNext & square != 0: "+"
        default: "."
        }
    }
}
