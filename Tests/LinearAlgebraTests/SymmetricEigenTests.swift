import LinearAlgebra
import Testing

@Suite struct SymmetricEigenTests {
    private func random(_ n: Int, rank: Int, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        let factors = (0..<rank).map { _ in (0..<n).map { _ in generator.normal() } }
        var matrix = [Double](repeating: 0, count: n * n)
        for (index, factor) in factors.enumerated() {
            let sign = index % 3 == 2 ? -1.0 : 1.0
            for i in 0..<n { for j in 0..<n { matrix[i * n + j] += sign * factor[i] * factor[j] } }
        }
        return matrix
    }

    private func check(_ matrix: [Double], _ n: Int) {
        let eigen = SymmetricEigen(matrix, size: n)
        let size = matrix.reduce(0) { max($0, abs($1)) } * Double(n)
        let limit = 1e-13 * max(1, size) * Double(n)
        #expect(eigen.values == eigen.values.sorted())
        for k in 0..<n {
            let vector = Array(eigen.vectors[k * n..<(k + 1) * n])
            for other in 0...k {
                let inner = (0..<n).reduce(0) { $0 + vector[$1] * eigen.vectors[other * n + $1] }
                #expect(abs(inner - (other == k ? 1 : 0)) < 1e-12 * Double(n))
            }
            for i in 0..<n {
                let image = (0..<n).reduce(0) { $0 + matrix[i * n + $1] * vector[$1] }
                #expect(abs(image - eigen.values[k] * vector[i]) < limit)
            }
        }
    }

    @Test(arguments: 1...24) func solvesRandomMatrices(n: Int) {
        check(random(n, rank: n, seed: UInt64(n)), n)
        check(random(n, rank: max(1, n / 2), seed: UInt64(n) + 100), n)
    }

    @Test func solvesMatricesWithEqualOrNoValues() {
        for n in [1, 2, 5, 9] {
            check([Double](repeating: 0, count: n * n), n)
            check((0..<n * n).map { $0 % (n + 1) == 0 ? 3 : 0 }, n)
            check([Double](repeating: 1, count: n * n), n)
        }
    }

    @Test func knowsTheValuesOfAChain() {
        // 2 on the diagonal, −1 beside it: λ = 2 − 2 cos(kπ / (n + 1)).
        let n = 40
        var matrix = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            matrix[i * n + i] = 2
            if i > 0 {
                matrix[i * n + i - 1] = -1
                matrix[(i - 1) * n + i] = -1
            }
        }
        let eigen = SymmetricEigen(matrix, size: n)
        // 4 sin²(π / 82), to 13 digits.
        #expect(abs(eigen.values[0] - 0.005_868_397_632_519) < 1e-13)
        #expect(abs(eigen.values[0] + eigen.values[n - 1] - 4) < 1e-12)
        check(matrix, n)
    }

    @Test func spansManyOrdersOfMagnitude() {
        let n = 12
        let matrix = (0..<n * n).map { place -> Double in
            let (i, j) = (place / n, place % n)
            return 1 / Double(i + j + 1)
        }
        check(matrix, n)
    }
}
