import Foundation

/// λ Σ fᵖ whose p falls in the course of a training, λ being changed each time so that the penalty of the
/// last batches is the same under the new p as it was under the old one.
///
/// - Source: Karvonen et al. 2024, "Measuring Progress in Dictionary Learning for Language Model
///   Interpretability with Board Game Models", section 4 and equation 14, q = 10 batches.
struct PowerSchedule: Hashable, Sendable {
    /// A new p, that holds after a step.
    struct Change: Hashable, Sendable {
        var step: Int
        var power: Double
    }

    /// p.
    private(set) var power = 1.0
    /// λ.
    private(set) var coefficient: Double
    private let changes: [Change]
    /// How many changes are behind.
    private var done = 0
    /// Σ fᵖ at p and at the next p, of the last batches.
    private var sums: [SIMD2<Double>] = []

    /// Over how many batches sums are compared.
    private static let batchCount = 10
    /// How often p is changed.
    private static let changeCount = 10
    /// An activation below this counts as this in the derivative, which would have no bound.
    private static let least: Float = 1e-12

    /// - Parameter changes: by their steps.
    init(coefficient: Double, changes: [Change]) {
        self.coefficient = coefficient
        self.changes = changes
    }

    /// From 1 in equal parts to the final power, which holds for the last of equally long stretches.
    init(_ penalty: SparsityPenalty, stepCount: Int) {
        let first = Int(penalty.annealingStart * Double(stepCount))
        let left = stepCount - first
        let count = min(Self.changeCount, left)
        guard penalty.finalPower < 1, count > 0 else {
            self.init(coefficient: penalty.coefficient, changes: [])
            return
        }
        self.init(
            coefficient: penalty.coefficient,
            changes: (1...count).map { number in
                let part = Double(number) / Double(count)
                return Change(
                    step: first + (number - 1) * left / count,
                    power: number == count
                        ? penalty.finalPower : 1 + (penalty.finalPower - 1) * part)
            })
    }

    /// The p whose sums a step must know too, if any.
    func nextPower(at step: Int) -> Double? {
        guard done < changes.count, changes[done].step - step < Self.batchCount else { return nil }
        return changes[done].power
    }

    /// Takes the sums of a step, after which p and λ may be others.
    ///
    /// - Parameter sums: at p, and at ``nextPower(at:)``.
    mutating func note(_ step: Int, _ sums: SIMD2<Double>) {
        guard let next = nextPower(at: step) else { return }
        self.sums.append(sums)
        guard step >= changes[done].step else { return }
        let total = self.sums.reduce(SIMD2(0, 0), +)
        if total.y > 0 { coefficient *= total.x / total.y }
        power = next
        done += 1
        self.sums.removeAll()
    }

    /// Σ fᵖ of what is above 0, and the same at the next p, or 0.
    static func sums(
        _ values: UnsafePointer<Float>, count: Int, stride: Int, power: Double, next: Double?
    ) -> SIMD2<Double> {
        var (sum, nextSum) = (0.0, 0.0)
        if power == 1 {
            for i in 0..<count where values[i * stride] > 0 { sum += Double(values[i * stride]) }
        } else {
            let exponent = Float(power)
            for i in 0..<count where values[i * stride] > 0 {
                sum += Double(pow(values[i * stride], exponent))
            }
        }
        guard let next else { return SIMD2(sum, 0) }
        let exponent = Float(next)
        for i in 0..<count where values[i * stride] > 0 {
            nextSum += Double(pow(values[i * stride], exponent))
        }
        return SIMD2(sum, nextSum)
    }

    /// The derivative of fᵖ by f, which is above 0.
    static func slope(_ value: Float, power: Float) -> Float {
        power * pow(max(value, least), power - 1)
    }
}

extension PowerSchedule {
    func save(in state: inout TrainerState) {
        state.numbers["power"] = [power, coefficient]
        state.numbers["power sums"] = sums.flatMap { [$0.x, $0.y] }
        state.counters["power changes"] = [done]
    }

    /// - Throws: ``DictionaryError/foreignState(reason:)``.
    mutating func restore(from state: TrainerState) throws(DictionaryError) {
        guard let numbers = state.numbers["power"], numbers.count == 2,
            let sums = state.numbers["power sums"], sums.count % 2 == 0,
            let done = state.counters["power changes"]?.first, (0...changes.count).contains(done)
        else { throw .foreignState(reason: "it says nothing of the penalty's power") }
        power = numbers[0]
        coefficient = numbers[1]
        self.done = done
        self.sums = stride(from: 0, to: sums.count, by: 2).map { SIMD2(sums[$0], sums[$0 + 1]) }
    }
}
