import Inquiry
import Prompts

/// What any language model is told of an inquiry, whatever its domain.
extension InquiryState {
    /// Probes of a hypothesis whose prediction did not come true, with the activation: failures of both
    /// kinds in turn, the newest first.
    func failures(of hypothesis: Int, atMost limit: Int) -> [(Probe, Double)] {
        guard let threshold else { return [] }
        var kinds: [Prediction: [(Probe, Double)]] = [:]
        for probe in probes.reversed() where probe.hypothesis == hypothesis {
            guard case .activation(let value)? = outcomes[probe.id - 1],
                outcomes[probe.id - 1]?.observed(threshold: threshold) != probe.prediction
            else { continue }
            kinds[probe.prediction, default: []].append((probe, value))
        }
        return [Prediction.fires, .silent].flatMap { (kinds[$0] ?? []).prefix(limit / 2) }
    }
}

extension HypothesisRecord {
    /// How often its predictions came true, by role.
    var roleResults: [RoleResult] {
        roles.sorted { $0.key.rawValue < $1.key.rawValue }.map { role, count in
            let isNatural = role == .exemplar || role == .background
            return RoleResult(
                arm: (isNatural ? Arm.natural : .designed).rawValue, role: role.rawValue,
                predicted: role.usualPrediction.rawValue,
                correct: count.correct, total: count.total)
        }
    }

    var tried: TriedHypothesis {
        var shares: [Prediction: RoleCount] = [:]
        for (role, count) in roles {
            shares[role.usualPrediction, default: RoleCount()].add(count)
        }
        let accuracies = shares.values.compactMap(\.share)
        return TriedHypothesis(
            number: hypothesis.id, hypothesis: hypothesis.quoted, status: status.rawValue,
            balancedAccuracy: accuracies.count == 2 ? accuracies.reduce(0, +) / 2 : nil)
    }
}

extension Hypothesis {
    var quoted: QuotedHypothesis {
        QuotedHypothesis(formula: formula, statement: words ?? statement, refutedBy: refutedBy)
    }
}

extension Prediction {
    var opposite: Prediction { self == .fires ? .silent : .fires }
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

extension Array {
    /// So many elements, evenly spread from the first on.
    func spread(_ wanted: Int) -> [Element] {
        guard count > wanted else { return self }
        return (0..<wanted).map { self[$0 * count / wanted] }
    }
}
