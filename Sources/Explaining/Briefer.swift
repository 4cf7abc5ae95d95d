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
                roles: roles(of: parent)),
            failures: try failures(of: parent.hypothesis.id),
            tried: state.records.map(tried), exemplars: Array(exemplars.prefix(5)),
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

    private func roles(of record: HypothesisRecord) -> [RoleResult] {
        record.roles.sorted { $0.key.rawValue < $1.key.rawValue }.map { role, count in
            let isNatural = role == .exemplar || role == .background
            return RoleResult(
                arm: (isNatural ? Arm.natural : .designed).rawValue, role: role.rawValue,
                predicted: role.usualPrediction.rawValue,
                correct: count.correct, total: count.total)
        }
    }

    /// Failures of both kinds in turn, the newest first.
    private func failures(of hypothesis: Int) throws -> [FailedPrediction] {
        var kinds: [Prediction: [(Probe, Double)]] = [:]
        for probe in state.probes.reversed() where probe.hypothesis == hypothesis {
            guard case .activation(let value)? = state.outcomes[probe.id - 1],
                state.outcomes[probe.id - 1]?.observed(threshold: beginning.threshold.value)
                    != probe.prediction
            else { continue }
            kinds[probe.prediction, default: []].append((probe, value))
        }
        let half = Self.failures / 2
        let chosen =
            (kinds[.fires] ?? []).prefix(half) + (kinds[.silent] ?? []).prefix(half)
        return try chosen.map { probe, value in
            let rules = laboratory.rules
            let moves = try rules.moves(fromTranscript: probe.input)
            let board = Observation(try rules.position(after: moves), on: rules)
            return FailedPrediction(
                predicted: probe.prediction.rawValue,
                observed: (probe.prediction == .fires ? Prediction.silent : .fires).rawValue,
                role: probe.role.rawValue, note: probe.note,
                input: BoardExample(
                    board: BoardText.draw(board, on: rules), moves: probe.input, activation: value))
        }
    }

    private func tried(_ record: HypothesisRecord) -> TriedHypothesis {
        var shares: [Prediction: RoleCount] = [:]
        for (role, count) in record.roles {
            shares[role.usualPrediction, default: RoleCount()].add(count)
        }
        let accuracies = shares.values.compactMap(\.share)
        return TriedHypothesis(
            number: record.hypothesis.id, hypothesis: record.hypothesis.quoted,
            status: record.status.rawValue,
            balancedAccuracy: accuracies.count == 2 ? accuracies.reduce(0, +) / 2 : nil)
    }
}

extension Hypothesis {
    fileprivate var quoted: QuotedHypothesis {
        QuotedHypothesis(formula: formula, statement: words ?? statement, refutedBy: refutedBy)
    }
}

extension ProbeRole {
    /// What a probe of this role is there to see.
    fileprivate var usualPrediction: Prediction {
        switch self {
        case .negative, .nearMiss, .rival, .background: .silent
        case .positive, .paraphrase, .exemplar: .fires
        }
    }
}

extension PropertyFrequency {
    fileprivate var contrast: Double { firing - silent }
}

extension Array {
    /// So many elements, evenly spread from the first on.
    fileprivate func spread(_ wanted: Int) -> [Element] {
        guard count > wanted else { return self }
        return (0..<wanted).map { self[$0 * count / wanted] }
    }
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
