import Inquiry
import Rows
import Statistics
import Tools

extension MiningStudy {
    /// The correlation below which a feature is not worth a call for each row.
    static let screenBar = 0.2
    /// The chance that a feature at the bar is dropped.
    static let screenLevel = 0.1
    /// Rows after which a feature that was not dropped is kept.
    static let screenRows = 200

    /// Tells which features that cost a call for each row are worth their calls: they are scored on
    /// discover rows, a few at a time, until each is shown to be hopeless or has had its rows. All are
    /// asked about the same rows, so one call serves them all.
    ///
    /// Python is run on all rows but the confirm rows, as what holds for a sample may fail on others.
    func screening(_ round: Int, _ state: MiningState) async throws -> MiningEvent.Screening {
        let failed = try await failures(round, state)
        let prompts = state.candidates(of: round).map(\.tool).filter {
            $0.kind.isPrompt && state.faults[$0.name] == nil
        }
        guard !prompts.isEmpty else { return MiningEvent.Screening(outcomes: failed) }
        let target = try await residual(state.chosen).discover
        var screens = prompts.map { _ in
            SequentialScreen(
                target: target, bar: Self.screenBar, level: Self.screenLevel,
                blockSize: min(8, target.count), rowLimit: Self.screenRows, seed: seed(.screening))
        }
        while let rows = screens.first(where: { $0.verdict == .open })?.needed {
            let open = screens.indices.filter { screens[$0].verdict == .open }
            let columns = try await bench.values(
                of: open.map { prompts[$0] }, rows: deal.discover.rows.taking(rows))
            for (place, column) in zip(open, columns) {
                screens[place].observe(Self.finite(column.column, like: screens[place]))
            }
        }
        return MiningEvent.Screening(
            outcomes: failed
                + zip(prompts, screens).map { tool, screen in
                    .init(
                        name: tool.name, rows: screen.values.count,
                        fault: screen.verdict == .dropped
                            ? "shown on \(screen.values.count) rows to correlate with the target by less "
                                + "than \(Self.screenBar)" : nil)
                })
    }

    /// Python tools that passed their checks and fail on other rows.
    private func failures(
        _ round: Int, _ state: MiningState
    ) async throws -> [MiningEvent.Screening.Outcome] {
        var outcomes: [MiningEvent.Screening.Outcome] = []
        for tool in state.candidates(of: round).map(\.tool) {
            guard case .python = tool.kind, state.faults[tool.name] == nil else { continue }
            do {
                _ = try await bench.columns(of: [tool], on: deal.discover)
                _ = try await bench.columns(of: [tool], on: deal.select)
            } catch let failure as ToolFailure {
                outcomes.append(
                    .init(
                        name: tool.name, rows: deal.discover.count + deal.select.count,
                        fault: failure.description))
            }
        }
        return outcomes
    }

    /// A text that the annotator gave no answer for says nothing either way: it counts as the middle
    /// of what it answered for others.
    private static func finite(_ column: Column, like screen: SequentialScreen) -> [Double] {
        let known: Column = screen.values.values.sorted().map(Optional.some) + column
        return Array(known.filled.suffix(column.count))
    }
}
