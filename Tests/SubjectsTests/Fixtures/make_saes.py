"""Writes tiny sparse autoencoders in every published format, and what they compute.

Each case is a folder of saes/ with the published files and expected.safetensors: x [n, d], acts
[n, F] and recon [n, e]. SAELens and dictionary_learning cases are written, read back and computed
by the libraries themselves; the others follow their documented layouts and are computed here, in
64 bits. Usage, with torch, safetensors, sae-lens and dictionary-learning installed:

    python3 make_saes.py            all of them
    python3 make_saes.py later      those that came later and have seeds of their own
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file as save_numpy

warnings.filterwarnings("ignore")
ROOT = Path(__file__).parent / "saes"
N, D, F, E = 24, 12, 40, 10
rng = np.random.default_rng(20)


def normal(*shape, scale=1.0):
    return (rng.standard_normal(shape) * scale).astype(np.float32)


def rows(width=D):
    return normal(N, width, scale=2) + normal(width)


def folder(name):
    path = ROOT / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def expect(path, x, acts, recon):
    arrays = {"x": x, "acts": acts, "recon": recon}
    save_numpy(
        {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in arrays.items()},
        str(path / "expected.safetensors"))


# ---- SAELens ------------------------------------------------------------------------------------

def randomise(module):
    with torch.no_grad():
        for name, parameter in list(module.named_parameters()) + list(module.named_buffers()):
            if not parameter.dtype.is_floating_point or parameter.ndim == 0:
                continue
            scale = {"W_enc": 0.3, "threshold": 0.4}.get(name, 0.4)
            value = torch.from_numpy(normal(*parameter.shape, scale=scale))
            parameter.copy_(value.abs() if name == "threshold" else value)


def sae_lens_cases():
    from sae_lens import SAE
    from sae_lens.registry import SAE_CLASS_REGISTRY
    from sae_lens.saes.sae import SAEMetadata

    def finish(path, scale=None):
        sae = SAE.load_from_disk(str(path))
        if scale is not None:
            sae.fold_activation_norm_scaling_factor(scale)
        x = rows()
        with torch.no_grad():
            t = torch.from_numpy(x)
            expect(path, x, sae.encode(t).numpy(), sae(t).numpy())

    def make(case, architecture, **fields):
        kind, config = SAE_CLASS_REGISTRY[architecture]
        if "transcoder" in architecture:
            fields |= {"d_out": E, "apply_b_dec_to_input": False}
        metadata = SAEMetadata(
            model_name="toy", hook_name="blocks.1.hook_resid_post", prepend_bos=False,
            context_size=64)
        sae = kind(config(d_in=D, d_sae=F, metadata=metadata, **fields))
        randomise(sae)
        path = folder("sae-lens-" + case)
        sae.save_model(str(path))
        return path

    for architecture in [
            "standard", "jumprelu", "gated", "transcoder", "skip_transcoder",
            "jumprelu_transcoder", "jumprelu_skip_transcoder"]:
        finish(make(architecture, architecture))
    finish(make("standard-uncentred", "standard", apply_b_dec_to_input=False))
    finish(make("topk", "topk", k=7))
    finish(make("topk-rescaled", "topk", k=7, rescale_acts_by_decoder_norm=True))
    finish(make("constant-norm", "standard", normalize_activations="constant_norm_rescale"))
    finish(make("layer-norm", "topk", k=7, normalize_activations="layer_norm"))
    finish(
        make("expected-average", "jumprelu", normalize_activations="expected_average_only_in"),
        scale=0.75)
    exported(finish)
    flat(finish, make)


def exported(finish):
    """What the trainers of batch-TopK and Matryoshka dictionaries save for inference."""
    from sae_lens import (
        BatchTopKTrainingSAE, BatchTopKTrainingSAEConfig, MatryoshkaBatchTopKTrainingSAE,
        MatryoshkaBatchTopKTrainingSAEConfig)

    for case, kind, config in [
            ("batchtopk", BatchTopKTrainingSAE, BatchTopKTrainingSAEConfig(d_in=D, d_sae=F, k=6)),
            ("matryoshka", MatryoshkaBatchTopKTrainingSAE,
             MatryoshkaBatchTopKTrainingSAEConfig(
                 d_in=D, d_sae=F, k=6, matryoshka_widths=[10, 20, F]))]:
        sae = kind(config)
        randomise(sae)
        sae.topk_threshold = torch.tensor(0.8, dtype=sae.topk_threshold.dtype)
        path = folder("sae-lens-" + case)
        sae.save_inference_model(str(path))
        finish(path)


def flat(finish, make):
    """The flat cfg.json before version 6, read by the library's own conversion."""
    common = {
        "d_in": D, "d_sae": F, "dtype": "torch.float32", "device": "cpu", "model_name": "gpt2",
        "hook_point_layer": 1, "hook_point_head_index": None, "dataset_path": "none",
        "context_size": 128}
    for case, extra in [
            ("flat-standard", {"hook_point": "blocks.1.hook_resid_pre"}),
            ("flat-topk", {
                "hook_name": "blocks.1.hook_resid_post", "activation_fn_str": "topk",
                "activation_fn_kwargs": {"k": 5}, "normalize_activations": "layer_norm",
                "architecture": "standard", "prepend_bos": False})]:
        path = make(case, "standard")
        fields = common | extra
        (path / "cfg.json").write_text(json.dumps(fields))
        finish(path)


# ---- dictionary_learning ------------------------------------------------------------------------

def dictionary_learning_cases():
    from dictionary_learning import dictionary, utils
    from dictionary_learning.trainers import batch_top_k, matryoshka_batch_top_k, top_k

    makers = {
        "AutoEncoder": lambda: dictionary.AutoEncoder(D, F),
        "AutoEncoderNew": lambda: dictionary.AutoEncoderNew(D, F),
        "GatedAutoEncoder": lambda: dictionary.GatedAutoEncoder(D, F),
        "JumpReluAutoEncoder": lambda: dictionary.JumpReluAutoEncoder(D, F),
        "AutoEncoderTopK": lambda: top_k.AutoEncoderTopK(D, F, 7),
        "BatchTopKSAE": lambda: batch_top_k.BatchTopKSAE(D, F, 7),
        "MatryoshkaBatchTopKSAE": lambda: matryoshka_batch_top_k.MatryoshkaBatchTopKSAE(
            D, F, 7, [10, 10, 20]),
    }
    for name, make in makers.items():
        sae = make()
        randomise(sae)
        if name in ("BatchTopKSAE", "MatryoshkaBatchTopKSAE"):
            sae.threshold.fill_(0.8)
        path = folder("dictionary-learning-" + name)
        torch.save(sae.state_dict(), path / "ae.pt")
        trainer = {
            "trainer_class": "Trainer", "dict_class": name, "activation_dim": D, "dict_size": F,
            "lr": 1e-4, "seed": 0, "layer": 3, "lm_name": "EleutherAI/pythia-70m-deduped",
            "submodule_name": "resid_post_layer_3", "wandb_name": "x"}
        if hasattr(sae, "k"):
            trainer["k"] = 7
        config = {"trainer": trainer, "buffer": {"d_submodule": D, "io": "out", "ctx_len": 128}}
        (path / "config.json").write_text(json.dumps(config))
        loaded, _ = utils.load_dictionary(str(path), "cpu")
        x = rows()
        with torch.no_grad():
            acts = loaded.encode(torch.from_numpy(x))
            expect(path, x, acts.numpy(), loaded.decode(acts).numpy())


# ---- Formats without a library here: 64-bit numpy -------------------------------------------------

def relu(x):
    return np.maximum(x, 0)


def top(pre, k):
    kept = np.argsort(-pre, axis=1)[:, :k]
    mask = np.zeros_like(pre)
    np.put_along_axis(mask, kept, 1, axis=1)
    return relu(pre) * mask


def wide(*arrays):
    return [a.astype(np.float64) for a in arrays]


def parameters(out=D):
    return normal(D, F, scale=0.3), normal(F, scale=0.4), normal(F, out, scale=0.4), normal(out)


def tensors(path, **arrays):
    torch.save({k: torch.from_numpy(v) for k, v in arrays.items()}, path)


def gemma_scope():
    for case, out, upper in [("gemma-scope", D, True), ("gemma-scope-transcoder", E, False)]:
        w_enc, b_enc, w_dec, b_dec = parameters(out)
        threshold = np.abs(normal(F, scale=0.5))
        path = folder(case)
        letter = "W" if upper else "w"
        np.savez(path / "params.npz", **{
            letter + "_enc": w_enc, letter + "_dec": np.asfortranarray(w_dec), "b_enc": b_enc,
            "b_dec": b_dec, "threshold": threshold})
        x = rows()
        pre = wide(x)[0] @ w_enc + b_enc
        acts = relu(pre) * (pre > threshold)
        expect(path, x, acts, acts @ w_dec + b_dec)


def gemma_scope_2():
    for case, out, affine in [
            ("gemma-scope-2", D, False), ("gemma-scope-2-transcoder", E, True)]:
        w_enc, b_enc, w_dec, b_dec = parameters(out)
        threshold, skip = np.abs(normal(F, scale=0.5)), normal(D, out, scale=0.3)
        path = folder(case)
        arrays = {"w_enc": w_enc, "w_dec": w_dec, "b_enc": b_enc, "b_dec": b_dec,
                  "threshold": threshold}
        if affine:
            arrays["affine_skip_connection"] = skip
        save_numpy(arrays, str(path / "params.safetensors"))
        (path / "config.json").write_text(json.dumps({
            "architecture": "jump_relu", "model_name": "gemma-v3-270m-pt", "width": F, "l0": 9,
            "hf_hook_point_in": "model.layers.5.output",
            "hf_hook_point_out": "model.layers.5.output", "affine_connection": affine}))
        x = rows()
        pre = wide(x)[0] @ w_enc + b_enc
        acts = relu(pre) * (pre > threshold)
        recon = acts @ w_dec + b_dec + (x @ skip if affine else 0)
        expect(path, x, acts, recon)


def sparsify():
    for case, out, transcode in [
            ("sparsify/layers.4", D, False), ("sparsify-transcoder/layers.2.mlp", E, True)]:
        w_enc, b_enc, w_dec, b_dec = parameters(out)
        skip = normal(out, D, scale=0.3)
        path = folder(case)
        arrays = {"encoder.weight": np.ascontiguousarray(w_enc.T), "encoder.bias": b_enc,
                  "W_dec": w_dec, "b_dec": b_dec}
        if transcode:
            arrays["W_skip"] = skip
        save_numpy(arrays, str(path / "sae.safetensors"))
        (path / "cfg.json").write_text(json.dumps({
            "activation": "topk", "expansion_factor": 32, "normalize_decoder": True,
            "num_latents": F, "k": 6, "multi_topk": False, "skip_connection": transcode,
            "transcode": transcode, "d_in": D}))
        x = rows()
        centre = 0 if transcode else b_dec
        acts = top((wide(x)[0] - centre) @ w_enc + b_enc, 6)
        expect(path, x, acts, acts @ w_dec + b_dec + (x @ skip.T if transcode else 0))


def openai():
    for case, activation in [("openai-topk", "TopK"), ("openai-relu", "ReLU")]:
        w_enc, b_enc, w_dec, b_dec = parameters()
        path = folder(case)
        state = {
            "pre_bias": torch.from_numpy(b_dec), "latent_bias": torch.from_numpy(b_enc),
            "encoder.weight": torch.from_numpy(w_enc).T, "decoder.weight": torch.from_numpy(w_dec).T,
            "stats_last_nonzero": torch.zeros(F, dtype=torch.long), "activation": activation}
        if activation == "TopK":
            state["activation_state_dict"] = {"k": 6, "postact_fn": "ReLU"}
        torch.save(state, path / "autoencoder.pt")
        x, = wide(rows())
        mean, std, z = 0, 1, x
        if activation == "TopK":
            mean = x.mean(axis=1, keepdims=True)
            std = x.std(axis=1, ddof=1, keepdims=True)
            z = (x - mean) / (std + 1e-5)
        pre = (z - b_dec) @ w_enc + b_enc
        acts = top(pre, 6) if activation == "TopK" else relu(pre)
        expect(path, x, acts, (acts @ w_dec + b_dec) * std + mean)


def llama_scope():
    """Computed as OpenMOSS does: the norms folded into the weights, the threshold on top of that."""
    for case, mean_in, mean_out in [
            ("llama-scope", 6.5, 6.5), ("llama-scope-transcoder", 6.5, 2.25)]:
        w_enc, b_enc, w_dec, b_dec = parameters()
        w_dec /= np.linalg.norm(w_dec, axis=1, keepdims=True)
        threshold = 0.4
        path = folder(case)
        (path / "checkpoints").mkdir()
        save_numpy(
            {"encoder.weight": np.ascontiguousarray(w_enc.T), "encoder.bias": b_enc,
             "decoder.weight": np.ascontiguousarray(w_dec.T), "decoder.bias": b_dec},
            str(path / "checkpoints/final.safetensors"))
        (path / "hyperparams.json").write_text(json.dumps({
            "d_model": D, "d_sae": F, "use_decoder_bias": True,
            "apply_decoder_bias_to_pre_encoder": False, "act_fn": "jumprelu",
            "jump_relu_threshold": threshold, "norm_activation": "dataset-wise",
            "dataset_average_activation_norm": {"in": mean_in, "out": mean_out}, "top_k": 50,
            "sparsity_include_decoder_norm": True, "hook_point_in": "blocks.1.hook_resid_post",
            "hook_point_out": "blocks.1.hook_resid_post"}))
        x, = wide(rows())
        scale_in, scale_out = D ** 0.5 / mean_in, D ** 0.5 / mean_out
        pre = x @ w_enc + b_enc / scale_in
        acts = relu(pre) * (pre > threshold)
        recon = acts @ (w_dec * scale_in / scale_out) + b_dec / scale_out
        expect(path, x, acts * scale_in, recon)


def qwen_scope():
    w_enc, b_enc, w_dec, b_dec = parameters()
    path = folder("qwen-scope")
    torch.save(
        {"W_enc": torch.from_numpy(w_enc).T.contiguous().to(torch.bfloat16),
         "W_dec": torch.from_numpy(w_dec).T.contiguous().to(torch.bfloat16),
         "b_enc": torch.from_numpy(b_enc).double(), "b_dec": torch.from_numpy(b_dec).half()},
        path / "layer7.sae.pt")
    w_enc, w_dec = (torch.from_numpy(w).to(torch.bfloat16).float().numpy() for w in (w_enc, w_dec))
    b_dec = b_dec.astype(np.float16)
    x = rows()
    acts = top(wide(x)[0] @ w_enc + b_enc, 5)
    expect(path, x, acts, acts @ w_dec + b_dec)


def hypothesaes():
    for case, batch in [("hypothesaes", False), ("hypothesaes-batch", True)]:
        w_enc, b_enc, w_dec, b_dec = parameters()
        path = folder(case)
        state = {
            "encoder.weight": w_enc.T, "decoder.weight": w_dec.T, "input_bias": b_dec,
            "neuron_bias": b_enc, "threshold": np.array(0.9, dtype=np.float32)}
        state = {k: torch.from_numpy(np.array(v)) for k, v in state.items()}
        config = {
            "input_dim": D, "m_total_neurons": F, "k_active_neurons": 6, "aux_k": None,
            "multi_k": None, "dead_neuron_threshold_steps": 256, "prefix_lengths": [20, F],
            "use_batch_topk": batch}
        torch.save(
            {"config": config, "state_dict": state}, path / "sae.pt",
            _use_new_zipfile_serialization=not batch)
        x = rows()
        pre = (wide(x)[0] - b_dec) @ w_enc + b_enc
        acts = relu(pre) * (pre > np.float32(0.9)) if batch else top(pre, 6)
        expect(path, x, acts, acts @ w_dec + b_dec)


# ---- Later ones: each has a seed of its own, so that the others stay as they are ------------------

def reseed(seed):
    global rng
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)


def activation_scaler():
    """A checkpoint of SAELens's trainer, whose factor is not yet folded into the weights."""
    from sae_lens import SAE
    from sae_lens.registry import SAE_CLASS_REGISTRY
    from sae_lens.training.activation_scaler import ActivationScaler

    reseed(30)
    kind, config = SAE_CLASS_REGISTRY["standard"]
    sae = kind(config(d_in=D, d_sae=F, normalize_activations="expected_average_only_in"))
    randomise(sae)
    path = folder("sae-lens-activation-scaler")
    sae.save_model(str(path))
    scaler = ActivationScaler(scaling_factor=0.6)
    scaler.save(str(path / "activation_scaler.json"))
    sae = SAE.load_from_disk(str(path))
    x = rows()
    with torch.no_grad():
        scaled = scaler.scale(torch.from_numpy(x))
        expect(path, x, sae.encode(scaled).numpy(), scaler.unscale(sae(scaled)).numpy())


def gemma_scope_compressed():
    reseed(31)
    w_enc, b_enc, w_dec, b_dec = parameters()
    # Few values, so that there is something to deflate.
    w_enc, w_dec = (np.round(4 * w).astype(np.float32) / 4 for w in (w_enc, w_dec))
    threshold = np.full(F, 0.25, dtype=np.float32)
    path = folder("gemma-scope-compressed")
    np.savez_compressed(
        path / "params.npz", W_enc=w_enc, W_dec=w_dec, b_enc=b_enc, b_dec=b_dec,
        threshold=threshold)
    x = rows()
    pre = wide(x)[0] @ w_enc + b_enc
    acts = relu(pre) * (pre > threshold)
    expect(path, x, acts, acts @ w_dec + b_dec)


def sparsify_groupmax():
    reseed(32)
    w_enc, b_enc, w_dec, b_dec = parameters()
    path = folder("sparsify-groupmax/layers.4")
    save_numpy(
        {"encoder.weight": np.ascontiguousarray(w_enc.T), "encoder.bias": b_enc, "W_dec": w_dec,
         "b_dec": b_dec}, str(path / "sae.safetensors"))
    (path / "cfg.json").write_text(json.dumps({
        "activation": "groupmax", "expansion_factor": 32, "normalize_decoder": True,
        "num_latents": F, "k": 8, "multi_topk": False, "skip_connection": False,
        "transcode": False, "d_in": D}))
    x = rows()
    pre = relu((wide(x)[0] - b_dec) @ w_enc + b_enc)
    values, places = torch.from_numpy(pre).unflatten(-1, (8, -1)).max(dim=-1)
    places = places + torch.arange(0, F, F // 8)
    acts = torch.zeros(N, F, dtype=torch.float64).scatter_(1, places, values).numpy()
    expect(path, x, acts, acts @ w_dec + b_dec)


def llama_scope_r1():
    for case, later in [("llama-scope-r1", False), ("llama-scope-r1-later", True)]:
        reseed(33 + later)
        w_enc, b_enc, w_dec, b_dec = parameters()
        logs = normal(F, scale=0.5) - 0.5
        hook = "blocks.3.hook_resid_post"
        path = folder(case)
        config = {
            "sae_type": "sae", "hook_point_in": hook, "hook_point_out": hook, "d_model": D,
            "expansion_factor": F / D, "use_decoder_bias": True, "act_fn": "jumprelu",
            "norm_activation": "dataset-wise", "sparsity_include_decoder_norm": not later,
            "top_k": 50, "dtype": "torch.float32", "device": "cuda", "use_glu_encoder": False}
        if later:
            arrays = {
                "W_E": w_enc, "b_E": b_enc, "W_D": w_dec, "b_D": b_dec,
                "activation_function.log_jumprelu_threshold": logs,
                "dataset_average_activation_norm." + hook: np.array([5.5], dtype=np.float32)}
            scale = D ** 0.5 / 5.5
        else:
            arrays = {
                "encoder.weight": np.ascontiguousarray(w_enc.T), "encoder.bias": b_enc,
                "decoder.weight": np.ascontiguousarray(w_dec.T), "decoder.bias": b_dec,
                "log_jumprelu_threshold": logs}
            scale = 0.75
        save_numpy(arrays, str(path / "sae_weights.safetensors"))
        (path / "config.json").write_text(json.dumps(config))
        x, = wide(rows())
        pre = (x * scale) @ w_enc + b_enc
        norms = 1 if later else np.linalg.norm(wide(w_dec)[0], axis=1)
        acts = relu(pre) * (pre * norms > np.exp(wide(logs)[0]))
        expect(path, x, acts, (acts @ w_dec + b_dec) / scale)


def circuit_transcoder():
    reseed(35)
    w_enc, b_enc, w_dec, b_dec = parameters(E)
    path = folder("circuit-transcoder")
    save_numpy(
        {"W_enc": np.ascontiguousarray(w_enc.T), "W_dec": w_dec, "b_enc": b_enc, "b_dec": b_dec},
        str(path / "layer_3.safetensors"))
    x = rows()
    acts = relu(wide(x)[0] @ w_enc + b_enc)
    expect(path, x, acts, acts @ w_dec + b_dec)


if __name__ == "__main__":
    first = [
        sae_lens_cases, dictionary_learning_cases, gemma_scope, gemma_scope_2, sparsify, openai,
        llama_scope, qwen_scope, hypothesaes]
    if sys.argv[1:] != ["later"]:
        torch.manual_seed(0)
        shutil.rmtree(ROOT, ignore_errors=True)
        for write in first:
            write()
    for write in [
            activation_scaler, gemma_scope_compressed, sparsify_groupmax, llama_scope_r1,
            circuit_transcoder]:
        write()
