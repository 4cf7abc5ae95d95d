/// Texts by their bytes, for all entries that a text begins with.
struct ByteTrie: Sendable {
    /// Of each node and byte, the child as `first`.
    private var children: PairTable
    /// Of each node, the value of the entry that ends there, or −1.
    private var values: [Int32] = [-1]
    /// Whether an entry begins with a byte.
    private var begins = [Bool](repeating: false, count: 256)

    init(capacity: Int) { children = PairTable(capacity: capacity) }

    var isEmpty: Bool { values.count == 1 }

    /// - Returns: the value that the entry had before, if it was known.
    @discardableResult
    mutating func insert(_ bytes: some Sequence<UInt8>, _ value: Int32) -> Int32? {
        var node: Int32 = 0
        for byte in bytes {
            if node == 0 { begins[Int(byte)] = true }
            if let child = children[node, Int32(byte)] {
                node = child.first
            } else {
                let child = Int32(values.count)
                values.append(-1)
                children.insert(node, Int32(byte), PairTable.Value(first: child, second: 0))
                node = child
            }
        }
        let before = values[Int(node)]
        values[Int(node)] = value
        return before < 0 ? nil : before
    }

    @inline(__always)
    func mayBegin(with byte: UInt8) -> Bool { begins[Int(byte)] }

    /// Where entries that begin with `bytes` go on, or nil if there are none.
    func node(of bytes: [UInt8]) -> Int32? {
        var node: Int32 = 0
        for byte in bytes {
            guard let child = children[node, Int32(byte)] else { return nil }
            node = child.first
        }
        return node
    }

    /// Calls `body` with the end and the value of each entry that begins at `start`, short ones
    /// first.
    ///
    /// - Parameter root: where the walk begins; 0 for whole entries, or a ``node(of:)``.
    @inline(__always)
    func forEachMatch(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, below root: Int32 = 0,
        _ body: (Int, Int32) -> Void
    ) {
        var node = root
        var at = start
        while at < text.count, let child = children[node, Int32(text[at])] {
            node = child.first
            at += 1
            let value = values[Int(node)]
            if value >= 0 { body(at, value) }
        }
    }
}
