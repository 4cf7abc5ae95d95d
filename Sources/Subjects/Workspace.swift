import LinearAlgebra
import Synchronization

/// Objects that are made when needed and used again: each has one user at a time.
package final class Pool<Element: Sendable>: Sendable {
    private let free = Mutex<[Element]>([])
    private let make: @Sendable () -> Element

    package init(_ make: @escaping @Sendable () -> Element) { self.make = make }

    /// Lends an element to `body`, which must not keep it.
    package func use(_ body: (Element) -> Void) {
        let element = free.withLock { $0.popLast() } ?? make()
        body(element)
        free.withLock { $0.append(element) }
    }
}

/// Rows of floats that one worker owns, 0 at first.
package final class Scratch: @unchecked Sendable {
    // Sendable because a scratch belongs to a workspace, which the pool lends to one worker at a
    // time, with a lock between one use and the next.
    private let base: UnsafeMutablePointer<Float>
    package let capacity: Int
    package let width: Int
    package let stride: Int

    package init(rows: Int, width: Int) {
        capacity = rows
        self.width = width
        stride = PackedMatrix.padded(width)
        base = .allocate(capacity: rows * stride)
        base.initialize(repeating: 0, count: rows * stride)
    }

    deinit { base.deallocate() }

    /// The first `count` rows.
    package func view(_ count: Int) -> RowView {
        precondition(count <= capacity, "\(count) rows of scratch, there are \(capacity)")
        return RowView(base, count: count, width: width, stride: stride)
    }
}

/// What one worker needs for one chunk of a batch; allocated once and used again.
final class Workspace: @unchecked Sendable {
    // Sendable because the pool lends it to one worker at a time, with a lock between one use and
    // the next; `attention` is the only part that is not Sendable by itself.
    /// The most rows a chunk may have.
    let capacity: Int
    let stream: Scratch
    /// Normed rows, and the heads' mixtures.
    let normed: Scratch
    let queryKeyValue: Scratch
    let inner: Scratch
    var attention: CausalAttention
    /// Made only if logits are asked for: a vocabulary may be large.
    lazy var logits = Scratch(rows: capacity, width: vocabularySize)
    private let vocabularySize: Int

    init(_ c: GPT2Configuration) {
        capacity = Workspace.capacity(c)
        stream = Scratch(rows: capacity, width: c.width)
        normed = Scratch(rows: capacity, width: c.width)
        queryKeyValue = Scratch(rows: capacity, width: 3 * c.width)
        inner = Scratch(rows: capacity, width: c.innerWidth)
        vocabularySize = c.vocabularySize
        attention = CausalAttention(headWidth: c.headWidth, capacity: c.contextLength)
    }

    /// Few enough rows that a chunk's intermediates stay in a core's own cache, and at least one
    /// sequence of full length.
    static func capacity(_ c: GPT2Configuration) -> Int { max(usualRows, c.contextLength) }

    static let usualRows = TransformerWorkspace.usualRows
}
