import Foundation
import Inquiry
import Reporting

/// Shows a campaign on standard error: a live table in a terminal, a line per finished inquiry
/// elsewhere. Owns what has been seen of each inquiry.
actor ProgressScreen: CampaignObserver {
    private struct Line {
        let name: String
        var state: InquiryState
    }

    private let run: String
    private var names: [String] = []
    private var active: [Line] = []
    private var finished: [String: Bool] = [:]
    private var started = ContinuousClock.now
    private var finishedAtStart = 0
    private var lastDraw = ContinuousClock.now - .seconds(1)
    private var drawnLines = 0

    /// What else is done when nothing is left but to wait for people.
    private let whenWaiting: @Sendable () async -> Void

    init(run: String, whenWaiting: @escaping @Sendable () async -> Void = {}) {
        self.run = run
        self.whenWaiting = whenWaiting
    }

    func say(_ text: String) {
        Console.error("run \(run): \(text)")
    }

    func start(_ names: [String]) {
        self.names = names
        started = .now
        Console.error("run \(run): \(names.count) inquiries")
    }

    func inquiry(_ name: String, reached state: InquiryState) {
        let isNew = !active.contains { $0.name == name }
        if isNew { active.append(Line(name: name, state: state)) }
        if let index = active.firstIndex(where: { $0.name == name }) { active[index].state = state }
        if state.isFinished {
            if isNew { finishedAtStart += 1 }
            finished[name] = true
            active.removeAll { $0.name == name }
            if !Console.isTerminal { Console.error(summary(name, state)) }
        }
        guard Console.isTerminal, ContinuousClock.now - lastDraw > .milliseconds(100) else {
            return
        }
        draw()
    }

    func waits(for questions: Int) async {
        finish()
        say(RunEnding.waits(for: questions))
        await whenWaiting()
    }

    func finish() {
        erase()
        drawnLines = 0
    }

    private func summary(_ name: String, _ state: InquiryState) -> String {
        "\(finished.count)/\(names.count) \(name): \(state.verdict), \(state.probes.count) probes: "
            + (state.leading?.hypothesis.statement ?? "–")
    }

    private func erase() {
        guard Console.isTerminal, drawnLines > 0 else { return }
        Console.write("\u{1B}[\(drawnLines)A\u{1B}[J")
    }

    private func draw() {
        lastDraw = .now
        let (columns, rows) = Console.size
        var lines = [bar(width: columns)]
        lines.append(cells("feature", "state", "hyp", "probes", "e-value", "leading hypothesis"))
        for line in active.prefix(max(1, rows - 4)) {
            let state = line.state
            let leading = state.leading
            lines.append(
                cells(
                    line.name, state.verdict, String(state.records.count),
                    String(state.probes.count),
                    leading.map { Format.eValue(log: $0.logEValue) } ?? "",
                    leading?.hypothesis.statement ?? ""))
        }
        erase()
        drawnLines = lines.count
        Console.write(lines.map { String($0.prefix(columns - 1)) }.joined(separator: "\n") + "\n")
    }

    private func cells(_ columns: String...) -> String {
        zip(columns, [16, 11, 4, 7, 9, 0]).map { text, width in
            text.padding(
                toLength: max(width, width == 0 ? text.count : width), withPad: " ", startingAt: 0)
        }.joined(separator: " ")
    }

    private func bar(width: Int) -> String {
        let done = finished.count
        let total = max(1, names.count)
        let room = max(10, min(40, width - 40))
        let filled = room * done / total
        let fresh = done - finishedAtStart
        var left = ""
        if fresh > 0 {
            let elapsed = (ContinuousClock.now - started).components.seconds
            let seconds = Int(elapsed) * (total - done) / fresh
            left = String(format: "%d:%02d left", seconds / 60, seconds % 60)
        }
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: "-", count: room - filled) + "] \(done)/\(names.count) \(left)"
    }
}
