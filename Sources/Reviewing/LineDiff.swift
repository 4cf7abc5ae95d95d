/// The lines that two texts do not share, by their longest common subsequence.
enum LineDiff {
    /// Texts of more lines than this are shown as replaced whole.
    private static let limit = 2_000

    static func lines(from old: String, to new: String) -> [String] {
        let before = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard before.count <= limit, after.count <= limit else {
            return before.map { "-" + $0 } + after.map { "+" + $0 }
        }
        let difference = after.difference(from: before)
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var result: [String] = []
        var (i, j) = (0, 0)
        while i < before.count || j < after.count {
            if i < before.count, removed.contains(i) {
                result.append("-" + before[i])
                i += 1
            } else if j < after.count, inserted.contains(j) {
                result.append("+" + after[j])
                j += 1
            } else {
                result.append(" " + before[i])
                i += 1
                j += 1
            }
        }
        return result
    }
}
