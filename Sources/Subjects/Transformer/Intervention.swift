import LinearAlgebra

/// A change of activations during a forward pass, before they are read or used further.
public struct Intervention: Sendable, Hashable {
    /// What happens to a row x.
    public enum Action: Sendable, Hashable {
        /// x + scale · direction.
        case add(direction: [Float], scale: Float)
        /// x with its component along the direction removed: x − (x · u) u, u the unit direction.
        case ablate(direction: [Float])
        /// x with its component along the unit direction set: x + (value − x · u) u.
        case clamp(direction: [Float], value: Float)
        /// The row itself, whatever x was.
        case replace(with: [Float])
    }

    /// Which positions of a sequence are changed.
    public enum Positions: Sendable, Hashable {
        case all
        case from(Int)
        case only(Set<Int>)

        func contains(_ position: Int) -> Bool {
            switch self {
            case .all: true
            case .from(let first): position >= first
            case .only(let chosen): chosen.contains(position)
            }
        }
    }

    public let hook: TransformerHook
    public let action: Action
    public let positions: Positions

    public init(at hook: TransformerHook, _ action: Action, positions: Positions = .all) {
        self.hook = hook
        self.action = action
        self.positions = positions
    }

    var vector: [Float] {
        switch action {
        case .add(let direction, _), .ablate(let direction), .clamp(let direction, _): direction
        case .replace(let row): row
        }
    }

    /// Changes one row of the hook's width.
    func apply(to row: UnsafeMutablePointer<Float>) {
        switch action {
        case .add(let direction, let scale):
            for c in direction.indices { row[c] += scale * direction[c] }
        case .ablate(let direction): set(row, along: direction, to: 0)
        case .clamp(let direction, let value): set(row, along: direction, to: value)
        case .replace(let values):
            for c in values.indices { row[c] = values[c] }
        }
    }

    private func set(_ row: UnsafeMutablePointer<Float>, along direction: [Float], to value: Float)
    {
        var (product, square) = (0.0, 0.0)
        for c in direction.indices {
            product += Double(row[c]) * Double(direction[c])
            square += Double(direction[c]) * Double(direction[c])
        }
        let share = Float((Double(value) * square.squareRoot() - product) / square)
        for c in direction.indices { row[c] += share * direction[c] }
    }
}

extension Transformer {
    /// Refuses a change whose place does not exist or whose vector does not fit there.
    func check(_ interventions: [Intervention]) throws(SubjectError) {
        for intervention in interventions {
            try check(intervention.hook)
            let width = configuration.width(of: intervention.hook)
            let vector = intervention.vector
            guard vector.count == width else {
                throw .widthMismatch(
                    of: "the intervention at \(intervention.hook)", width: vector.count,
                    model: "that place in \(name)", modelWidth: width)
            }
            guard vector.allSatisfy(\.isFinite) else {
                throw .badDirection(hook: intervention.hook.description, reason: "is not finite")
            }
            switch intervention.action {
            case .ablate, .clamp:
                guard vector.contains(where: { abs($0) > 1e-30 }) else {
                    throw .badDirection(hook: intervention.hook.description, reason: "is all zeros")
                }
            case .add, .replace: break
            }
        }
    }
}
