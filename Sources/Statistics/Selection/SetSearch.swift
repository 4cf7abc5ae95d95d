/// A set of chosen candidates that can be judged and extended.
protocol SelectionState: Sendable {
    /// How good the set is, to compare sets of one size or another.
    var merit: Double { get }
    /// The candidates that may join, best first; equals by ascending number.
    func contenders() -> [SelectionPath.Contender]
    /// What a contender's gain is to be above, and its standard error.
    func noise(_ contender: SelectionPath.Contender, among count: Int)
        -> (bar: Double, standardError: Double?)
    /// The set with one more.
    func taking(_ candidate: Int) -> Self
}

/// Greedy and beam search over sets.
struct SetSearch {
    let width: Int
    let maximumCount: Int

    private struct Found<State: SelectionState> {
        var steps: [SelectionPath.Step]
        var ending: SelectionPath.Ending
        var state: State
    }

    /// The set of highest merit among those that ended.
    func best<State: SelectionState>(
        from start: State
    ) -> (steps: [SelectionPath.Step], ending: SelectionPath.Ending) {
        var open = [Found(steps: [], ending: .full, state: start)]
        var ended: [Found<State>] = []
        while !open.isEmpty {
            var next: [Found<State>] = []
            for found in open {
                let (children, ending) = extensions(of: found)
                next += children
                if let ending {
                    ended.append(Found(steps: found.steps, ending: ending, state: found.state))
                }
            }
            open = Array(distinct(next).prefix(width))
        }
        let best = ended.dropFirst().reduce(ended[0]) {
            $1.state.merit > $0.state.merit ? $1 : $0
        }
        return (best.steps, best.ending)
    }

    /// The sets with one more feature, or why there is none.
    private func extensions<State: SelectionState>(
        of found: Found<State>
    ) -> ([Found<State>], SelectionPath.Ending?) {
        guard found.steps.count < maximumCount else { return ([], .full) }
        let contenders = found.state.contenders()
        guard let best = contenders.first else { return ([], .nothingLeft) }
        var children: [Found<State>] = []
        for (place, contender) in contenders.prefix(width).enumerated() {
            let noise = found.state.noise(contender, among: contenders.count)
            guard contender.gain > noise.bar else {
                if place == 0 { return ([], .notAboveNoise(best: best, bar: noise.bar)) }
                continue
            }
            let other = place == 0 ? contenders.dropFirst().first : best
            let step = SelectionPath.Step(
                feature: contender.feature, gain: contender.gain,
                correlation: contender.correlation, standardError: noise.standardError,
                bar: noise.bar, runnerUp: other)
            children.append(
                Found(
                    steps: found.steps + [step], ending: .full,
                    state: found.state.taking(contender.feature)))
        }
        return (children, nil)
    }

    /// Best first, each set once, whatever the order in which it was built.
    private func distinct<State: SelectionState>(_ all: [Found<State>]) -> [Found<State>] {
        var seen: Set<Set<Int>> = []
        let sorted = all.indices.sorted {
            (all[$1].state.merit, $0) < (all[$0].state.merit, $1)
        }
        return sorted.map { all[$0] }.filter { seen.insert(Set($0.steps.map(\.feature))).inserted }
    }
}
