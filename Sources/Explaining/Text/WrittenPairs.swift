import Inquiry
import JSON
import Prompts
import Texts

/// Reads the pairs of texts that a language model wrote for one hypothesis. What the hypothesis
/// predicts of a text is what its formula says of it: a pair of which its author says otherwise is left
/// out and told as a fault.
struct WrittenPairs: Sendable {
    /// Pairs that are asked for.
    static let wanted = 8
    /// Pairs that are taken, should there be more.
    static let most = 12
    /// Pairs of use with which a reply is taken as it is; with fewer it is asked for once more.
    static let enough = 4
    /// The longest text, in characters.
    static let textLimit = 600

    let rule: TextRule
    let cache: UnitCache
    /// What the hypothesis was tested on already.
    let used: Set<String>

    /// The faults of a reply with too few pairs of use.
    func faults(in reply: DesignerBriefing.Reply) -> [SchemaFault] {
        let faults = check(reply).flatMap(\.faults)
        return reply.pairs.count - Set(faults.map(\.pair)).count >= Self.enough
            ? [] : faults.map(\.fault) + shortage(reply)
    }

    private func shortage(_ reply: DesignerBriefing.Reply) -> [SchemaFault] {
        guard reply.pairs.count < Self.enough else { return [] }
        return [
            SchemaFault(
                place: "$.pairs", reason: "must have at least \(Self.enough) pairs of use")
        ]
    }

    /// The pairs of use, and how many others there were.
    func read(_ reply: DesignerBriefing.Reply) -> (pairs: [DevisedPair], dropped: Int) {
        let checked = check(reply)
        let sound = checked.filter(\.faults.isEmpty).map(\.pair)
        let pairs = sound.prefix(Self.most).map { pair in
            DevisedPair(
                fires: input(pair.fires), silent: input(pair.silent),
                reason: String(pair.reason.prefix(200)))
        }
        return (Array(pairs), checked.count - sound.count)
    }

    private func input(_ text: DesignerBriefing.Text) -> DevisedInput {
        DevisedInput(
            input: text.text, role: text.kind.probeRole,
            note: "written by the model: \(text.kind.rawValue)")
    }

    private struct Checked {
        let pair: DesignerBriefing.Pair
        let faults: [(pair: Int, fault: SchemaFault)]
    }

    /// A text may stand in one pair only.
    private func check(_ reply: DesignerBriefing.Reply) -> [Checked] {
        var seen = used
        return reply.pairs.enumerated().map { index, pair in
            var faults: [(pair: Int, fault: SchemaFault)] = []
            for (name, text) in [("fires", pair.fires), ("silent", pair.silent)] {
                var reason = misfit(text)
                if reason == nil, !seen.insert(text.text).inserted {
                    reason = "this text was used before"
                }
                guard let reason else { continue }
                faults.append(
                    (index, SchemaFault(place: "$.pairs[\(index)].\(name).text", reason: reason)))
            }
            return Checked(pair: pair, faults: faults)
        }
    }

    private func misfit(_ text: DesignerBriefing.Text) -> String? {
        guard text.text.count <= Self.textLimit, text.text.utf8.count <= 8 * Self.textLimit else {
            return "has more than \(Self.textLimit) characters"
        }
        let units = cache.units(text.text)
        guard !units.units.isEmpty else { return "has no words" }
        guard rule.holds(in: units) == text.kind.fires else {
            return text.kind.fires
                ? "the formula holds nowhere in it, so it cannot be \"\(text.kind.rawValue)\""
                : "the formula holds in it, so it cannot be \"\(text.kind.rawValue)\""
        }
        return nil
    }
}

extension DesignerBriefing.Kind {
    fileprivate var probeRole: ProbeRole {
        switch self {
        case .positive, .injection: .positive
        case .paraphrase: .paraphrase
        case .hardNegative: .negative
        case .nearMiss, .minimalEdit: .nearMiss
        }
    }
}
