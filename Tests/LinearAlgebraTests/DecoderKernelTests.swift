import Foundation
import LinearAlgebra
import Testing

/// The kernels of rotary decoders against plain loops in 64-bit arithmetic.
@Suite struct DecoderKernelTests {
    /// Runs `body` on random rows; gives what was in them before and after.
    private func changed(
        _ count: Int, _ width: Int, scale: Double, seed: UInt64, _ body: (RowView) -> Void
    ) -> (before: [Float], after: [Float]) {
        var g = SeededGenerator(seed: seed)
        let before = (0..<count * width).map { _ in Float(g.normal() * scale) }
        var after = before
        after.withUnsafeMutableBufferPointer {
            body(RowView($0.baseAddress!, count: count, width: width))
        }
        return (before, after)
    }

    private func agrees(_ a: Float, _ b: Double, within tolerance: Double) -> Bool {
        abs(Double(a) - b) <= tolerance * max(1, abs(b))
    }

    @Test(arguments: 1...40)
    func gatesAgree(width: Int) {
        for scale in [0.01, 1, 30] {
            let silu = changed(3, width, scale: scale, seed: 1) { RowKernels.silu($0) }
            for (x, y) in zip(silu.before, silu.after) {
                #expect(agrees(y, Double(x) / (1 + exp(-Double(x))), within: 1e-6))
            }
            for cap in [Float(0.5), 30] {
                let capped = changed(3, width, scale: scale, seed: 2) {
                    RowKernels.softCap($0, cap: cap)
                }
                for (x, y) in zip(capped.before, capped.after) {
                    let exact = Double(cap) * tanh(Double(x) / Double(cap))
                    #expect(abs(Double(y) - exact) <= 2e-6 * abs(exact))
                }
            }
        }
    }

    @Test(arguments: 1...40)
    func normsAgree(width: Int) {
        var g = SeededGenerator(seed: 3)
        let gain = (0..<width).map { _ in Float(g.normal()) }
        let normed = changed(3, width, scale: 2, seed: 4) { rows in
            gain.withUnsafeBufferPointer {
                RowKernels.rmsNorm(rows, gain: $0, epsilon: 1e-5, into: rows)
            }
        }
        let unit = changed(3, width, scale: 2, seed: 4) { RowKernels.normalizeLength($0) }
        for r in 0..<3 {
            let row = normed.before[r * width..<(r + 1) * width].map(Double.init)
            let square = row.map { $0 * $0 }.reduce(0, +)
            for c in 0..<width {
                let exact = row[c] / (square / Double(width) + 1e-5).squareRoot()
                #expect(agrees(normed.after[r * width + c], exact * Double(gain[c]), within: 1e-5))
                #expect(
                    agrees(unit.after[r * width + c], row[c] / square.squareRoot(), within: 1e-6))
            }
        }
    }

    @Test(arguments: [1, 3, 8, 16, 21, 32])
    func rotationTurnsPairs(half: Int) {
        let width = 2 * half + 5
        let angles = (0..<2 * half).map { Double($0) * 0.7 - 3 }
        var (cosines, sines) = (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
        let turned = changed(2, width, scale: 1, seed: 5) { rows in
            cosines.withUnsafeMutableBufferPointer { cosine in
                sines.withUnsafeMutableBufferPointer { sine in
                    RowKernels.rotateHalves(
                        rows, cosines: RowView(cosine.baseAddress!, count: 2, width: half),
                        sines: RowView(sine.baseAddress!, count: 2, width: half))
                }
            }
        }
        for r in 0..<2 {
            for c in 0..<width {
                let place = r * width + c
                guard c < 2 * half else {
                    #expect(turned.after[place] == turned.before[place])
                    continue
                }
                let angle = angles[r * half + c % half]
                let other = Double(turned.before[c < half ? place + half : place - half])
                let exact =
                    Double(turned.before[place]) * cos(angle)
                    + (c < half ? -other : other) * sin(angle)
                #expect(agrees(turned.after[place], exact, within: 1e-6))
            }
        }
    }

    @Test(
        arguments: [
            (1, 8, nil, nil), (70, 12, nil, nil), (70, 20, 1, nil), (70, 16, 19, 3),
            (120, 5, 40, nil),
        ] as [(Int, Int, Int?, Float?)])
    func attentionAgrees(length: Int, width: Int, window: Int?, cap: Float?) {
        for isCausal in window == nil ? [true, false] : [true] {
            let memory = KeyValues(headWidth: width, capacity: length + 3)
            let attention = WindowedAttention(headWidth: width, capacity: length + 3)
            let shape = WindowedAttention.Shape(
                isCausal: isCausal, window: window, softCap: cap)
            let all = changed(length, 3 * width, scale: 1, seed: 6) { rows in
                let query = rows.columns(0, width: width)
                let (key, value) = (
                    rows.columns(width, width: width), rows.columns(2 * width, width: width)
                )
                memory.append(key: key, value: value, scale: 0.4)
                attention.run(query: query, over: memory, shape, into: query)
            }
            func element(_ row: Int, _ column: Int) -> Double {
                Double(all.before[row * 3 * width + column])
            }
            for i in 0..<length {
                let first = window.map { max(0, i - $0 + 1) } ?? 0
                let seen = Array(first..<(isCausal ? i + 1 : length))
                let scores = seen.map { j in
                    let score = (0..<width).map { element(i, $0) * element(j, width + $0) * 0.4 }
                        .reduce(0, +)
                    return cap.map { Double($0) * tanh(score / Double($0)) } ?? score
                }
                let weights = scores.map { exp($0) }
                for c in 0..<width {
                    let exact =
                        zip(seen, weights).map { element($0, 2 * width + c) * $1 }.reduce(0, +)
                        / weights.reduce(0, +)
                    #expect(agrees(all.after[i * 3 * width + c], exact, within: 1e-5))
                }
            }
        }
    }

    /// What an earlier text left behind must not reach a later one, not even a NaN.
    @Test func memoryForgets_whatIsTruncated() {
        var g = SeededGenerator(seed: 7)
        var rows = (0..<20 * 8).map { _ in Float(g.normal()) }
        let attention = WindowedAttention(headWidth: 8, capacity: 40)
        func run(_ memory: KeyValues) -> [Float] {
            var copy = rows
            copy.withUnsafeMutableBufferPointer {
                let view = RowView($0.baseAddress!, count: 20, width: 8)
                memory.append(key: view, value: view, scale: 0.3)
                attention.run(query: view, over: memory, .init(isCausal: false), into: view)
            }
            return copy
        }
        let fresh = run(KeyValues(headWidth: 8, capacity: 40))
        let used = KeyValues(headWidth: 8, capacity: 40)
        let clean = rows
        rows = [Float](repeating: .nan, count: 20 * 8)
        _ = run(used)
        used.truncate(to: 0)
        rows = clean
        #expect(run(used).map(\.bitPattern) == fresh.map(\.bitPattern))
    }
}
