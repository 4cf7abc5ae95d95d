import LinearAlgebra

/// What one worker needs for one chunk of a batch; grows to the longest chunk it has met.
final class TransformerWorkspace: @unchecked Sendable {
    // Sendable because the pool lends it to one worker at a time, with a lock between one use and
    // the next.
    private let c: TransformerConfiguration
    private(set) var capacity = 0
    private(set) var stream: Scratch
    /// Normed rows.
    private(set) var normed: Scratch
    private(set) var queryKeyValue: Scratch
    /// The heads' mixtures.
    private(set) var mixture: Scratch
    /// What is about to be added to the stream.
    private(set) var branch: Scratch
    private(set) var inner: Scratch
    /// The rows whose logits are asked for.
    private(set) var chosen: Scratch
    private var logitRows: Scratch?
    /// Of each rotary embedding, one row per position.
    private(set) var cosines: [Scratch] = []
    private(set) var sines: [Scratch] = []
    private var positions = 0
    private(set) var attention: WindowedAttention
    /// Keys and values of one head of one sequence, where no session keeps them.
    private(set) var memory: KeyValues

    init(_ c: TransformerConfiguration) {
        self.c = c
        func none(_ width: Int) -> Scratch { Scratch(rows: 0, width: width) }
        stream = none(c.width)
        normed = none(c.width)
        queryKeyValue = none(c.queryKeyValueWidth)
        mixture = none(c.mixtureWidth)
        branch = none(c.width)
        inner = none(c.innerWidth * (c.hasGatedMLP ? 2 : 1))
        chosen = none(c.width)
        attention = WindowedAttention(headWidth: c.headWidth, capacity: 1)
        memory = KeyValues(headWidth: c.headWidth, capacity: 1)
    }

    /// Makes space for chunks of `rows` rows, of sequences up to `length` positions in all.
    func reserve(rows: Int, length: Int) {
        if rows > capacity {
            func grown(_ scratch: Scratch) -> Scratch { Scratch(rows: rows, width: scratch.width) }
            (stream, normed, branch) = (grown(stream), grown(normed), grown(branch))
            (queryKeyValue, mixture) = (grown(queryKeyValue), grown(mixture))
            (inner, chosen) = (grown(inner), grown(chosen))
            capacity = rows
        }
        guard length > positions else { return }
        attention = WindowedAttention(headWidth: c.headWidth, capacity: length)
        memory = KeyValues(headWidth: c.headWidth, capacity: length)
        cosines = c.rotaries.map { Scratch(rows: length, width: $0.frequencies.count) }
        sines = c.rotaries.map { Scratch(rows: length, width: $0.frequencies.count) }
        for (n, rotary) in c.rotaries.enumerated() {
            let (cosine, sine) = (cosines[n].view(length), sines[n].view(length))
            for p in 0..<length {
                rotary.fill(position: p, cosines: cosine.row(p), sines: sine.row(p))
            }
        }
        positions = length
    }

    /// What a workspace for chunks of `rows` rows and sequences of `length` positions takes.
    static func byteCount(_ c: TransformerConfiguration, rows: Int, length: Int) -> Int {
        func padded(_ width: Int) -> Int { 4 * PackedMatrix.padded(width) }
        let inner = c.innerWidth * (c.hasGatedMLP ? 2 : 1)
        let perRow =
            4 * padded(c.width) + padded(c.queryKeyValueWidth) + padded(c.mixtureWidth)
            + padded(inner)
        let angles = c.rotaries.reduce(0) { $0 + 2 * padded($1.frequencies.count) }
        // Scores of one head's queries, its keys and values.
        let attention = 4 * 48 * (length + 15) + 4 * 2 * (length + 15) * (c.headWidth + 15)
        return rows * perRow + length * angles + attention
    }

    /// Space for the logits of `count` rows.
    func logits(_ count: Int) -> RowView {
        if let logitRows, logitRows.capacity >= count { return logitRows.view(count) }
        let rows = Scratch(rows: count, width: c.vocabularySize)
        logitRows = rows
        return rows.view(count)
    }

    /// Few enough rows that a chunk's intermediates stay in a core's own cache, and as many as the
    /// row product takes through its panels in two goes.
    static let usualRows = 2 * PackedMatrix.rowsPerPass
    /// Rows of logits at a time: a vocabulary may be large.
    static let logitRowCount = 48
}
