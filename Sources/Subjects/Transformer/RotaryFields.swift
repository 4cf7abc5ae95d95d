import JSON

/// Reads rotary embeddings, from `rope_parameters` or from the fields older files have.
struct RotaryFields {
    let fields: ConfigurationFields
    let family: TransformerConfiguration.Family

    /// One rotary embedding, or for Gemma 3 that of full and that of sliding layers.
    func rotaries(headWidth: Int) throws(SubjectError) -> [Rotary] {
        let parameters = try fields.nested("rope_parameters")
        let hasParameters = fields.present("rope_parameters") != nil
        if hasParameters, fields.present("rope_scaling") != nil {
            throw fields.unsupported("rope_scaling", "rope_parameters says it already; remove one")
        }
        guard family == .gemma3 else {
            let base = try base(hasParameters ? parameters : nil)
            let scaled = hasParameters ? parameters : try fields.nested("rope_scaling")
            return [try rotary(scaled, base: base, headWidth)]
        }
        if hasParameters { return try nestedPair(parameters, headWidth) }
        let global = try rotary(
            try fields.nested("rope_scaling"),
            base: try fields.positive("rope_theta", default: 1e6), headWidth)
        let local = try fields.positive("rope_local_base_freq", default: 1e4)
        return [global, Rotary(width: try evenWidth(headWidth, 1), base: local)]
    }

    private func nestedPair(
        _ parameters: ConfigurationFields, _ headWidth: Int
    ) throws(SubjectError) -> [Rotary] {
        for name in ["rope_theta", "rope_local_base_freq"] where fields.present(name) != nil {
            throw fields.unsupported(name, "rope_parameters says it already; remove one")
        }
        try parameters.refuseOthers(than: ["full_attention", "sliding_attention"])
        var result: [Rotary] = []
        for name in ["full_attention", "sliding_attention"] {
            let one = try parameters.nested(name)
            guard let base = try one.optionalPositive("rope_theta") else {
                throw one.invalid("rope_theta", "a number above 0")
            }
            result.append(try rotary(one, base: base, headWidth))
        }
        return result
    }

    /// The base, which must be the same wherever it is given.
    private func base(_ parameters: ConfigurationFields?) throws(SubjectError) -> Double {
        var found: Double?
        let old = family == .gptNeoX ? ["rotary_emb_base", "rope_theta"] : ["rope_theta"]
        for name in old {
            guard let value = try fields.optionalPositive(name) else { continue }
            if let found, found != value { throw fields.invalid(name, "\(found), as elsewhere") }
            found = value
        }
        if let parameters, let value = try parameters.optionalPositive("rope_theta") {
            if let found, found != value {
                throw parameters.invalid("rope_theta", "\(found), as at the top")
            }
            found = value
        }
        return found ?? 1e4
    }

    /// - Parameter scaled: the object with the type and its numbers; it may have no fields.
    private func rotary(
        _ scaled: ConfigurationFields, base: Double, _ headWidth: Int
    ) throws(SubjectError) -> Rotary {
        let type = try scaled.optionalText("rope_type")
        let old = try scaled.optionalText("type")
        if let type, let old, type != old {
            throw scaled.invalid("type", "\"\(type)\", as rope_type")
        }
        let name = type ?? old ?? "default"
        guard let own = Self.numbers[name] else {
            throw scaled.unsupported(
                type == nil ? "type" : "rope_type",
                "only default, linear, dynamic, llama3, yarn and longrope are computed")
        }
        try scaled.refuseOthers(
            than: own.union(["rope_type", "type", "rope_theta", "partial_rotary_factor"]))
        let width = try evenWidth(headWidth, try share(scaled))
        if name == "yarn" || name == "longrope" {
            return try StretchedRotaryFields(fields: fields, scaled: scaled)
                .rotary(name, base: base, width: width)
        }
        return Rotary(width: width, base: base, scaling: try scaling(name, scaled))
    }

    /// The numbers each kind of scaling has.
    private static let numbers: [String: Set<String>] = [
        "default": [], "linear": ["factor"],
        "dynamic": ["factor", "original_max_position_embeddings"],
        "llama3": [
            "factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings",
        ],
        "yarn": [
            "factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim",
            "original_max_position_embeddings", "truncate",
        ],
        "longrope": [
            "factor", "attention_factor", "short_factor", "long_factor",
            "original_max_position_embeddings",
        ],
    ]

    private func scaling(
        _ name: String, _ scaled: ConfigurationFields
    ) throws(SubjectError) -> Rotary.Scaling {
        guard name != "default" else { return .none }
        let factor = try number("factor", scaled)
        // Frequencies change with texts longer than the context, which are refused.
        if name == "dynamic" { return .none }
        guard name == "llama3" else { return .linear(factor: factor) }
        let low = try number("low_freq_factor", scaled)
        let high = try number("high_freq_factor", scaled)
        guard high > low else {
            throw scaled.invalid("high_freq_factor", "above low_freq_factor, \(low)")
        }
        let original = try number("original_max_position_embeddings", scaled)
        let outer = try fields.optionalSize("original_max_position_embeddings")
        guard outer.map({ Double($0) == original }) ?? true else {
            throw fields.invalid("original_max_position_embeddings", "\(original), as elsewhere")
        }
        return .llama3(factor: factor, low: low, high: high, original: original)
    }

    /// How long a text may be: less than the context where longer ones have other frequencies.
    func contextLength(_ context: Int) throws(SubjectError) -> Int {
        for name in ["rope_parameters", "rope_scaling"] {
            let scaled = try fields.nested(name)
            for scaled in [
                scaled, try scaled.optionalNested("full_attention"),
                try scaled.optionalNested("sliding_attention"),
            ] {
                guard let type = scaled?["rope_type"] ?? scaled?["type"], let scaled,
                    type == .string("longrope")
                else { continue }
                return min(
                    context, try StretchedRotaryFields(fields: fields, scaled: scaled).original())
            }
        }
        return context
    }

    private func number(
        _ name: String, _ scaled: ConfigurationFields
    ) throws(SubjectError) -> Double {
        guard let value = try scaled.optionalPositive(name), value <= 1e12 else {
            throw scaled.invalid(name, "a number above 0 and at most 1e12")
        }
        return value
    }

    /// The share of a head's columns that are turned.
    private func share(_ scaled: ConfigurationFields) throws(SubjectError) -> Double {
        var found: Double?
        for (source, name) in [
            (fields, "rotary_pct"), (fields, "partial_rotary_factor"),
            (scaled, "partial_rotary_factor"),
        ] {
            guard let value = try source.optionalPositive(name) else { continue }
            guard value <= 1 else { throw source.invalid(name, "above 0 and at most 1") }
            if let found, found != value { throw source.invalid(name, "\(found), as elsewhere") }
            found = value
        }
        guard family != .gptNeoX else { return found ?? 0.25 }
        guard let found, found != 1 else { return 1 }
        throw scaled.unsupported(
            "partial_rotary_factor", "in \(family.rawValue) whole heads are turned")
    }

    private func evenWidth(_ headWidth: Int, _ share: Double) throws(SubjectError) -> Int {
        let width = Int(Double(headWidth) * share)
        guard width > 0, width % 2 == 0 else {
            let name = family == .gptNeoX ? "rotary_pct" : "head_dim"
            throw fields.unsupported(name, "\(width) columns of a head cannot be turned in pairs")
        }
        return width
    }
}
