/// A minimum by Newton's method, damped where the function is not convex and halved where a full
/// step does not go down.
///
/// - Source: Nocedal and Wright, "Numerical Optimization", second edition, sections 3.3 and 3.4.
struct NewtonMinimum {
    /// A function at a place; the Hessian is [order × order].
    struct Point {
        var value: Double
        var gradient: [Double]
        var hessian: [Double]
    }

    static let stepLimit = 100
    /// The step, relative to the place, below which it is the minimum.
    private static let precision = 1e-11

    /// The place of the minimum and the factor of the Hessian there.
    ///
    /// - Parameter evaluate: the function; nil outside of where it is defined.
    static func find(
        _ model: String, from start: [Double], evaluate: ([Double]) -> Point?
    ) throws(RegressionError) -> (place: [Double], curvature: CholeskyFactor) {
        var place = start
        guard var point = evaluate(place) else { throw .unsettled(model: model, steps: 0) }
        for _ in 0..<stepLimit {
            guard let step = step(point), step.allSatisfy(\.isFinite) else { break }
            let slope = InnerProducts.dot(step, point.gradient)
            let settled = zip(step, place).allSatisfy {
                abs($0) <= precision * (1 + abs($1))
            }
            guard let (next, reached) = descend(place, point, step, slope, evaluate) else {
                if settled { break }
                throw .unsettled(model: model, steps: stepLimit)
            }
            (place, point) = (next, reached)
            guard settled else { continue }
            guard let curvature = CholeskyFactor(point.hessian, order: place.count) else {
                throw .collinear(model: model)
            }
            return (place, curvature)
        }
        throw .unsettled(model: model, steps: stepLimit)
    }

    /// −H⁻¹ g, with as much of the Hessian's diagonal added as makes it positive definite.
    private static func step(_ point: Point) -> [Double]? {
        let order = point.gradient.count
        let largest = (0..<order).map { abs(point.hessian[$0 * order + $0]) }.max() ?? 0
        var damping = 0.0
        for _ in 0..<12 {
            var hessian = point.hessian
            for i in 0..<order { hessian[i * order + i] += damping }
            if let factor = CholeskyFactor(hessian, order: order) {
                return factor.solve(point.gradient).map { -$0 }
            }
            damping = damping == 0 ? 1e-10 * max(largest, 1e-300) : damping * 20
        }
        return nil
    }

    /// The first of the full step and its halves that goes down enough. Close to the minimum the
    /// function cannot tell any more, and the full step is taken on trust.
    private static func descend(
        _ place: [Double], _ point: Point, _ step: [Double], _ slope: Double,
        _ evaluate: ([Double]) -> Point?
    ) -> ([Double], Point)? {
        let trusted = abs(slope) <= 1e-12 * (1 + abs(point.value))
        var length = 1.0
        for _ in 0..<40 {
            let next = zip(place, step).map { $0 + length * $1 }
            if let reached = evaluate(next), reached.value.isFinite,
                trusted || reached.value <= point.value + 1e-4 * length * slope
            {
                return (next, reached)
            }
            length /= 2
        }
        return nil
    }
}
