import Inquiry
import Reporting

/// Hypotheses as a tree: each below the one that it refines.
struct LineageDrawing {
    let ancestors: [ApprovalSheet.Ancestor]

    /// Deeper ones stand beside their parents.
    private static let depth = 12

    var html: HTML {
        let known = Set(ancestors.map(\.id))
        // A parent that is not there, or comes later, cannot be hung under: the sheet may come from anywhere.
        let roots = ancestors.filter { $0.parent.map { !known.contains($0) } ?? true }
        let children = Dictionary(grouping: ancestors) { $0.parent }
        var drawn = Set<Int>()
        func list(_ members: [ApprovalSheet.Ancestor], depth: Int) -> HTML {
            let items = members.compactMap { member -> HTML? in
                guard drawn.insert(member.id).inserted else { return nil }
                let below = depth < Self.depth ? children[member.id] ?? [] : []
                let under: HTML = below.isEmpty ? "" : list(below, depth: depth + 1)
                return """
                    <li><span class="soft">#\(member.id) \(member.origin)</span> <span dir="auto">\(member.statement)</span>\
                    \(under)</li>
                    """
            }
            return items.isEmpty ? "" : "<ul class=\"tree\">\(items)</ul>"
        }
        let tree = list(roots, depth: 0)
        let left = ancestors.filter { !drawn.contains($0.id) }
        return "\(tree)\(left.isEmpty ? "" : list(left, depth: Self.depth))"
    }
}
