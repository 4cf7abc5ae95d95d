import LinearAlgebra

/// The pre-activations of a batch that may be among its greatest: those above a floor, row after row.
///
/// The floor only spares work: what ``choose(_:leavingOut:into:)`` chooses is the same with any floor that
/// leaves enough.
final class BatchCandidates: @unchecked Sendable {
    // Sendable because in a part that workers share, each adds to chunks of rows that are its own.

    /// The candidates of a chunk of rows.
    final class List: @unchecked Sendable {
        // Sendable because one worker at a time adds to it.
        fileprivate(set) var latents: [UInt32] = []
        fileprivate(set) var values: [Float] = []
        /// Where each row's candidates end.
        fileprivate(set) var ends: [Int] = []

        /// Forgets all rows.
        func begin() {
            latents.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
        }

        /// Adds the elements of the next row that are above a floor.
        func add(_ pre: UnsafePointer<Float>, count: Int, above floor: Float) {
            RowKernels.forEach(above: floor, in: UnsafeBufferPointer(start: pre, count: count)) {
                latents.append(UInt32($0))
                values.append(pre[$0])
            }
            ends.append(latents.count)
        }
    }

    /// What was chosen.
    struct Choice: Hashable, Sendable {
        /// The least of the `count` greatest of all, left out or not; 0 if there are not so many above 0.
        var smallest: Float
        /// Whether there were as many candidates as should be chosen.
        var isFull: Bool
    }

    let lists: [List]

    init(chunks: Int) { lists = (0..<chunks).map { _ in List() } }

    var count: Int { lists.reduce(0) { $0 + $1.values.count } }

    /// Lets the `count` greatest act, of equal ones those of earlier rows and then of lower latents.
    ///
    /// - Parameter isLeftOut: whether a latent may not act.
    func choose(
        _ count: Int, leavingOut isLeftOut: ((Int) -> Bool)?, into choice: LatentChoice
    ) -> Choice {
        let all = bound(count) { _ in true }
        let bound =
            isLeftOut.map { leftOut in self.bound(count) { !leftOut(Int($0)) } } ?? all
        var ties = bound.ties
        var row = 0
        choice.beginInTurn()
        for list in lists {
            var index = 0
            for end in list.ends {
                while index < end {
                    let (latent, value) = (list.latents[index], list.values[index])
                    index += 1
                    guard value >= bound.value, isLeftOut?(Int(latent)) != true else { continue }
                    if value == bound.value {
                        guard ties > 0 else { continue }
                        ties -= 1
                    }
                    choice.add(latent, value, to: row)
                }
                choice.endInTurn(row)
                row += 1
            }
        }
        return Choice(smallest: all.isFull ? all.value : 0, isFull: all.isFull && bound.isFull)
    }

    /// The least of the `count` greatest values, and how many equal to it are among them.
    ///
    /// Positive floats are in the order of their bits: their upper halves are counted, and then the lower
    /// halves of those that share the upper half in question.
    private func bound(
        _ count: Int, _ isIn: (UInt32) -> Bool
    ) -> (value: Float, ties: Int, isFull: Bool) {
        func counted(_ bin: (UInt32) -> Int?) -> [Int] {
            var bins = [Int](repeating: 0, count: 1 << 16)
            for list in lists {
                for (latent, value) in zip(list.latents, list.values) where isIn(latent) {
                    if let bin = bin(value.bitPattern) { bins[bin] += 1 }
                }
            }
            return bins
        }
        func place(of rank: Int, in bins: [Int]) -> (bin: Int, rest: Int)? {
            var rest = rank
            for bin in bins.indices.reversed() {
                if rest <= bins[bin] { return (bin, rest) }
                rest -= bins[bin]
            }
            return nil
        }
        guard let upper = place(of: count, in: counted { Int($0 >> 16) }),
            let lower = place(
                of: upper.rest,
                in: counted { Int($0 >> 16) == upper.bin ? Int($0 & 0xFFFF) : nil })
        else { return (0, 0, false) }
        return (Float(bitPattern: UInt32(upper.bin << 16 | lower.bin)), lower.rest, true)
    }
}

/// The threshold that stands for the choice of a batch once the training is over: a moving average of the
/// smallest activation chosen.
struct RunningThreshold: Hashable, Sendable {
    /// The step, from 0, that it begins with.
    var firstStep = 1_000
    /// The share that stays at each step.
    var decay = 0.999
    private(set) var value: Double?

    /// As in dictionary_learning 0.1.0, from step 1,000 on and forgetting a thousandth at a step; in a
    /// short training from half way on, and forgetting enough for the end to decide.
    init(stepCount: Int) {
        firstStep = min(1_000, stepCount / 2)
        decay = min(0.999, max(0, 1 - 10 / Double(max(1, stepCount - firstStep))))
    }

    mutating func note(_ smallest: Float, step: Int) {
        guard step >= firstStep else { return }
        value = value.map { decay * $0 + (1 - decay) * Double(smallest) } ?? Double(smallest)
    }

    /// Puts it into a state.
    func save(in state: inout TrainerState) {
        state.numbers["threshold"] = value.map { [$0] } ?? []
    }

    /// - Throws: ``DictionaryError/foreignState(reason:)`` if there is none.
    mutating func restore(from state: TrainerState) throws(DictionaryError) {
        guard let values = state.numbers["threshold"], values.count <= 1 else {
            throw .foreignState(reason: "it holds no threshold")
        }
        value = values.first
    }
}
