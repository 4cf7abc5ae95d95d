import Testing

@testable import LinearAlgebra

@Suite struct PlainRowsTests {
    private struct Case {
        let rows: [Float]
        let width: Int
        let x: [Float]
        let indices: [UInt32]
        let coefficients: [Float]

        init(seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            func floats(_ count: Int) -> [Float] {
                (0..<count).map { _ in Float(generator.normal()) }
            }
            let width = 1 + generator.below(180)
            let count = generator.below(12)
            rows = floats(20 * width)
            x = floats(width)
            coefficients = floats(count)
            indices = (0..<count).map { _ in UInt32(generator.below(20)) }
            self.width = width
        }

        func withRows(_ body: (RowView) -> Void) {
            var rows = rows
            rows.withUnsafeMutableBufferPointer {
                guard let base = $0.baseAddress else { return }
                body(RowView(base, count: 20, width: width))
            }
        }
    }

    @Test(arguments: UInt64(1)...200) func addsRowsAsOneAfterTheOther(seed: UInt64) {
        let drawn = Case(seed: seed)
        drawn.withRows { rows in
            var (sum, expected) = (drawn.x, drawn.x)
            RowKernels.addRows(
                drawn.coefficients, drawn.indices, count: drawn.indices.count, of: rows, to: &sum)
            for (coefficient, index) in zip(drawn.coefficients, drawn.indices) {
                RowKernels.addScaled(
                    coefficient, rows.row(Int(index)), to: &expected, count: drawn.width)
            }
            #expect(sum == expected)
        }
    }

    @Test(arguments: UInt64(1)...200) func multipliesRowsAsOneAtATime(seed: UInt64) {
        let drawn = Case(seed: seed)
        drawn.withRows { rows in
            var products = [Float](repeating: 0, count: drawn.indices.count)
            RowKernels.dotRows(
                drawn.x, drawn.indices, count: drawn.indices.count, of: rows, into: &products)
            #expect(
                products
                    == drawn.indices.map {
                        RowKernels.dot(drawn.x, rows.row(Int($0)), count: drawn.width)
                    })
        }
    }

    @Test(arguments: UInt64(1)...50) func visitsWhatIsAbove(seed: UInt64) {
        let x = Case(seed: seed).x
        var places: [Int] = []
        x.withUnsafeBufferPointer {
            RowKernels.forEach(above: 0.5, in: $0) { places.append($0) }
        }
        #expect(places == x.indices.filter { x[$0] > 0.5 })
    }

    @Test(arguments: UInt64(1)...50) func weighsSquares(seed: UInt64) {
        let drawn = Case(seed: seed)
        let weights = drawn.rows.prefix(drawn.width).map(abs)
        let expected = zip(drawn.x, weights).reduce(0.0) {
            $0 + Double($1.1) * Double($1.0) * Double($1.0)
        }
        let square = RowKernels.weightedSquare(drawn.x, weights, count: drawn.width)
        #expect(abs(Double(square) - expected) < 1e-4 * (1 + expected))
        var scaled = drawn.x
        RowKernels.multiply(&scaled, by: weights, count: drawn.width)
        #expect(scaled == zip(drawn.x, weights).map { $0 * $1 })
    }
}
