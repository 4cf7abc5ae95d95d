import LinearAlgebra
import Subjects

/// The activations of some rows, row after row.
final class ActivePart: @unchecked Sendable {
    // Sendable because one worker fills it, and others read it when that one has ended.
    private(set) var latents: UnsafeMutablePointer<UInt32>
    /// Code, memo, slope and memo's slope of each.
    private(set) var values: UnsafeMutablePointer<SIMD4<Float>>
    var count = 0
    /// Where each row's activations begin, and an end.
    private(set) var starts = [0]
    private var capacity: Int

    init() {
        capacity = 1024
        latents = .allocate(capacity: capacity)
        values = .allocate(capacity: capacity)
    }

    deinit {
        latents.deallocate()
        values.deallocate()
    }

    func clear() {
        count = 0
        starts.removeAll(keepingCapacity: true)
        starts.append(0)
    }

    private func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let room = max(count + more, 2 * capacity)
        let newLatents = UnsafeMutablePointer<UInt32>.allocate(capacity: room)
        let newValues = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: room)
        newLatents.moveInitialize(from: latents, count: count)
        newValues.moveInitialize(from: values, count: count)
        latents.deallocate()
        values.deallocate()
        (latents, values, capacity) = (newLatents, newValues, room)
    }

    /// Where the next activations go, for which room is made.
    ///
    /// A loop that appends writes there and then sets ``count``, as access to an object's variable costs
    /// more than an activation.
    func room(for more: Int) -> ActiveRoom {
        reserve(more)
        return ActiveRoom(latents: latents + count, values: values + count)
    }

    func endRow() { starts.append(count) }

    /// The activations of a row, counted from the part's first, and the latent of each.
    func run(ofRow row: Int) -> (run: LatentRun, latents: UnsafePointer<UInt32>) {
        (
            LatentRun(values + starts[row], count: starts[row + 1] - starts[row]),
            UnsafePointer(latents + starts[row])
        )
    }
}

/// Memory for activations, and how many were put there.
struct ActiveRoom {
    let latents: UnsafeMutablePointer<UInt32>
    /// Code, memo, slope and memo's slope of each.
    let values: UnsafeMutablePointer<SIMD4<Float>>
    var count = 0
}

/// The activations of a batch, latent after latent, those of a latent in the order of the rows.
final class ActiveLatents: @unchecked Sendable {
    // Sendable because `order` runs when no worker does, and each worker then writes to latents of its own.
    /// Of some rows each, which workers fill.
    let parts: [ActivePart]
    private let rowsPerPart: Int
    private var starts: [Int]
    private var next: [Int]
    private var rows: UnsafeMutablePointer<UInt32>
    private var values: UnsafeMutablePointer<SIMD4<Float>>
    private var capacity = 0

    init(rows count: Int, rowsPerPart: Int, latentCount: Int) {
        self.rowsPerPart = rowsPerPart
        parts = (0..<(count + rowsPerPart - 1) / rowsPerPart).map { _ in ActivePart() }
        starts = [Int](repeating: 0, count: latentCount + 1)
        next = [Int](repeating: 0, count: latentCount)
        rows = .allocate(capacity: 0)
        values = .allocate(capacity: 0)
    }

    deinit {
        rows.deallocate()
        values.deallocate()
    }

    /// Brings what the parts hold into the order of the latents (a counting sort).
    func order() {
        makeRoom(for: parts.reduce(0) { $0 + $1.count })
        starts.withUnsafeMutableBufferPointer { starts in
            next.withUnsafeMutableBufferPointer { next in
                starts.update(repeating: 0)
                for part in parts {
                    let latents = part.latents
                    for place in 0..<part.count { starts[Int(latents[place]) + 1] += 1 }
                }
                for latent in next.indices {
                    next[latent] = starts[latent]
                    starts[latent + 1] += starts[latent]
                }
                for (index, part) in parts.enumerated() {
                    put(part, firstRow: index * rowsPerPart, next)
                }
            }
        }
    }

    private func put(
        _ part: ActivePart, firstRow: Int, _ next: UnsafeMutableBufferPointer<Int>
    ) {
        let (latents, from) = (part.latents, part.values)
        for row in 0..<part.starts.count - 1 {
            let number = UInt32(truncatingIfNeeded: firstRow + row)
            for place in part.starts[row]..<part.starts[row + 1] {
                let latent = Int(latents[place])
                let target = next[latent]
                rows[target] = number
                values[target] = from[place]
                next[latent] = target + 1
            }
        }
    }

    private func makeRoom(for count: Int) {
        guard count > capacity else { return }
        rows.deallocate()
        values.deallocate()
        capacity = count + count / 4
        rows = .allocate(capacity: capacity)
        values = .allocate(capacity: capacity)
    }

    /// The activations of a latent, and the row of each.
    func run(of latent: Int) -> (run: LatentRun, rows: UnsafePointer<UInt32>) {
        var run = LatentRun(
            values + starts[latent], count: starts[latent + 1] - starts[latent])
        run.latent = latent
        return (run, UnsafePointer(rows + starts[latent]))
    }
}

extension LatentRun {
    /// Of values that lie one after the other.
    fileprivate init(_ values: UnsafeMutablePointer<SIMD4<Float>>, count: Int) {
        let base = UnsafeMutableRawPointer(values).assumingMemoryBound(to: Float.self)
        self.init(
            codes: base, memos: base + 1, slopes: base + 2, memoSlopes: base + 3, count: count,
            stride: 4)
    }
}
