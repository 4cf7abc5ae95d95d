/// What becomes of the delimiters at which a text is split.
///
/// - Source: `SplitDelimiterBehavior` of tokenizers 0.23.
enum SplitBehaviour: String, CaseIterable, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// The pieces that runs of delimiters and of other text make.
    func pieces(of runs: [Run]) -> [Run] {
        switch self {
        case .isolated: return runs
        case .removed: return runs.filter { !$0.isMatch }
        case .contiguous:
            return Self.merge(runs) { run, previous in run.isMatch == previous }
        case .mergedWithPrevious:
            return Self.merge(runs) { run, previous in run.isMatch && !previous }
        case .mergedWithNext:
            return Self.merge(runs.reversed()) { run, previous in run.isMatch && !previous }
                .reversed()
        }
    }

    /// Joins each run to the piece before it when `joins` says so of the run and of whether the
    /// run before was a delimiter.
    private static func merge(_ runs: [Run], joins: (Run, Bool) -> Bool) -> [Run] {
        var pieces: [Run] = []
        var previous = false
        for run in runs {
            if joins(run, previous), let last = pieces.indices.last {
                pieces[last].start = min(pieces[last].start, run.start)
                pieces[last].end = max(pieces[last].end, run.end)
            } else {
                pieces.append(run)
            }
            previous = run.isMatch
        }
        return pieces
    }
}
