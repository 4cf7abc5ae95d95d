import LinearAlgebra
import Subjects

/// Activations in memory, given out in random order; when they are spent, the source's next ones follow.
///
/// A source whose activations fit is measured once, and only shuffled again. Rows are held as
/// ``RowPreparation`` leaves them, but for its scale.
final class ActivationPool {
    private let source: any ActivationSource
    private let pieces: ActivationPieces
    private let rows: Scratch
    private var generator: SeededGenerator
    private var preparation: RowPreparation?
    private var count = 0
    /// The rows that are held, in the order in which they are given out; empty before the first.
    private var order: [Int] = []
    private var next = 0
    /// All pieces, in the order in which they are measured.
    private var sequence: [Int]
    /// Those of ``sequence`` that are held.
    private var held: Range<Int>

    /// - Parameters:
    ///   - byteLimit: how much memory rows may take, unless a single piece takes more.
    ///   - measures: whether the first rows are measured; not where a state is restored next.
    init(
        _ source: any ActivationSource, byteLimit: Int, seed: UInt64, measures: Bool = true
    ) throws(DictionaryError) {
        self.source = source
        pieces = source.pieces(of: .training)
        let most = max(pieces.greatestRowCount, byteLimit / (4 * PackedMatrix.padded(source.width)))
        rows = Scratch(rows: min(pieces.rowCount, most), width: source.width)
        generator = SeededGenerator(seed: seed, stream: 1)
        sequence = Array(0..<pieces.count)
        held = pieces.count..<pieces.count
        if measures { try measureNext() }
    }

    private var holdsAll: Bool { rows.capacity == pieces.rowCount }

    /// What is held now.
    var heldRows: RowView { rows.view(count) }

    /// The pieces that are measured after those that are held, up to the end of the source.
    var upcoming: ArraySlice<Int> { sequence[held.upperBound...] }

    /// Lets go of held rows that a preparation leaves out.
    func leaveOutLong(_ preparation: RowPreparation) {
        count = preparation.keepShort(rows.view(count))
    }

    /// Brings the rows that are held, and all later ones, to what trainers are made for.
    func adopt(_ preparation: RowPreparation) throws(DictionaryError) {
        self.preparation = preparation
        try prepare()
    }

    /// Puts the next rows into a batch.
    func take(_ target: RowView) throws(DictionaryError) {
        let scale = preparation?.scale ?? 1
        for row in 0..<target.count {
            if next == order.count { try refill() }
            let from = rows.view(count).row(order[next])
            let to = target.row(row)
            for c in 0..<target.width { to[c] = scale * from[c] }
            next += 1
        }
    }

    private func refill() throws(DictionaryError) {
        if !order.isEmpty, !holdsAll { try measureNext() }
        // Where every row of a filling is too long, the next one follows.
        var fillings = 1
        while count == 0 {
            guard fillings <= pieces.count else {
                throw .uselessActivations(
                    hook: source.facts.place, reason: "all are longer than the limit")
            }
            try measureNext()
            fillings += 1
        }
        order = generator.sample(count, of: count)
        next = 0
    }

    /// Takes as many pieces as fit; at the end of the source they are shuffled and begin again.
    private func measureNext() throws(DictionaryError) {
        if held.upperBound == sequence.count {
            sequence.shuffle(using: &generator)
            held = 0..<0
        }
        let first = held.upperBound
        var (last, size) = (first, 0)
        while last < sequence.count, size + pieces.rowCount(of: sequence[last]) <= rows.capacity {
            size += pieces.rowCount(of: sequence[last])
            last += 1
        }
        held = first..<last
        try measureHeld()
    }

    private func measureHeld() throws(DictionaryError) {
        let (view, width) = (rows.view(rows.capacity), rows.width)
        var row = 0
        var isFinite = true
        try source.forEachRow(of: .training, sequence[held]) { values in
            guard let base = values.baseAddress else { return }
            isFinite = isFinite && RowKernels.dot(base, base, count: width).isFinite
            view.row(row).update(from: base, count: width)
            row += 1
        }
        guard isFinite else {
            throw .uselessActivations(
                hook: source.facts.place, reason: "some are no finite numbers")
        }
        count = row
        try prepare()
    }

    private func prepare() throws(DictionaryError) {
        guard let preparation else { return }
        count = preparation.keepShort(rows.view(count))
        preparation.whitening?.apply(to: rows.view(count), threads: source.threads)
    }
}

extension SourceFacts {
    /// What messages call the place.
    var place: String { origin.hookName ?? dataName }
}

extension ActivationPool {
    /// Where the stream stands; rows are not in it, as they are measured again.
    func save(in state: inout TrainerState) {
        state.counters["pool.sequence"] = sequence
        state.counters["pool.place"] = [held.lowerBound, held.upperBound, next]
        state.counters["pool.order"] = order
        state.counters["pool.generator"] = generator.words.map { Int(bitPattern: UInt($0)) }
    }

    /// Goes on where the pool that the state was taken from stood.
    ///
    /// - Throws: ``DictionaryError/foreignState(reason:)`` if the state is of another source.
    func restore(
        _ state: TrainerState, _ preparation: RowPreparation
    ) throws(DictionaryError) {
        let foreign = DictionaryError.foreignState(
            reason: "its place in the activations is another's")
        guard let sequence = state.counters["pool.sequence"],
            let place = state.counters["pool.place"], place.count == 3,
            let order = state.counters["pool.order"], let words = state.counters["pool.generator"],
            let generator = SeededGenerator(words: words.map { UInt64(UInt(bitPattern: $0)) }),
            sequence.count == pieces.count, sequence.sorted() == Array(0..<pieces.count),
            place[0] >= 0, place[0] <= place[1], place[1] <= sequence.count
        else { throw foreign }
        self.sequence = sequence
        self.generator = generator
        self.preparation = preparation
        let chosen = place[0]..<place[1]
        guard sequence[chosen].reduce(0, { $0 + pieces.rowCount(of: $1) }) <= rows.capacity else {
            throw foreign
        }
        held = chosen
        try measureHeld()
        guard order.isEmpty || order.count == count, order.allSatisfy({ (0..<count).contains($0) }),
            (0...order.count).contains(place[2])
        else { throw foreign }
        self.order = order
        next = place[2]
    }
}
