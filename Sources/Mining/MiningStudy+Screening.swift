import Inquiry
import Rows
import Statistics
import Tools

extension MiningStudy {
    /// Rows that are scored between two looks at a screen.
    static let screenBatch = 25
    /// A rank correlation below which a feature is not worth a call for each row.
    static let screenBar = 0.1

    /// Tells which features that cost a call for each row are worth their calls: each is scored on
    /// discover rows, a few at a time, until it is shown to be hopeless or the rows are used up.
    func screening(_ round: Int, _ state: MiningState) async throws -> MiningEvent.Screening {
        var outcomes: [MiningEvent.Screening.Outcome] = []
        let prompts = state.candidates(of: round).filter {
            $0.tool.kind.isPrompt && state.faults[$0.tool.name] == nil
        }
        guard !prompts.isEmpty else { return MiningEvent.Screening(outcomes: []) }
        let target = Self.standardisedRanks(deal.discover.rows.target)
        for candidate in prompts {
            var screen = SequentialScreen(bar: Self.screenBar, level: 0.05)
            var asked = 0
            while asked < deal.discover.count, !screen.isHopeless {
                let batch = Array(asked..<min(asked + Self.screenBatch, deal.discover.count))
                let values = try await bench.values(
                    of: [candidate.tool], rows: deal.discover.rows.taking(batch))[0]
                for (row, value) in zip(batch, values) {
                    if let value = value.number { screen.observe(value, target: target[row]) }
                }
                asked = batch.last.map { $0 + 1 } ?? asked
            }
            outcomes.append(
                .init(
                    name: candidate.tool.name, rows: asked,
                    fault: screen.isHopeless
                        ? "shown on \(asked) rows to correlate with the target by less than "
                            + "\(Self.screenBar)" : nil))
        }
        return MiningEvent.Screening(outcomes: outcomes)
    }
}
