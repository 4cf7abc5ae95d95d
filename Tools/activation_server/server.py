"""Serves activations of sparse autoencoders on text, in the JSON of Neuronpedia's inference server.

    python server.py --model MODEL --sae 6-res-jb=FOLDER

Nothing but transformers, SAELens and the standard library. See README.md for every option.
"""

import argparse
import collections
import hmac
import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch
from sae_lens import SAE
from transformers import AutoModelForCausalLM, AutoTokenizer

SECRET_VARIABLE = "CONJECTURE_ACTIVATION_SECRET"
BODY_LIMIT = 1 << 20
BATCH_LIMIT = 4
CACHED_TEXTS = 32
HOOK = re.compile(r"blocks\.(\d+)\.hook_resid_(pre|post)")


class Refusal(Exception):
    """A request that cannot be answered, and why."""

    def __init__(self, reason, status=400):
        super().__init__(reason)
        self.status = status


class Dictionary:
    """A sparse autoencoder and where in the model it reads."""

    def __init__(self, name, place, device, centre):
        if os.path.isdir(place):
            self.sae = SAE.load_from_disk(place, device=device)
        else:
            release, _, sae_id = place.partition(":")
            self.sae = SAE.from_pretrained(release, sae_id, device=device)
            if isinstance(self.sae, tuple):
                self.sae = self.sae[0]
        self.sae.to(torch.float32)
        config = self.sae.cfg
        if config.normalize_activations == "expected_average_only_in":
            raise SystemExit(f"{name}: its input scale is not folded into the weights. Fold it first")
        hook = config.metadata.hook_name
        found = HOOK.fullmatch(hook or "")
        if not found:
            raise SystemExit(f"{name}: hook {hook} is not read here, only blocks.N.hook_resid_pre/post")
        self.hook, self.layer, self.site = hook, int(found[1]), found[2]
        self.prepends_bos = config.metadata.prepend_bos
        loading = config.metadata.model_from_pretrained_kwargs or {}
        self.centre = bool(loading.get("center_writing_weights")) if centre == "auto" else centre == "yes"

    @torch.no_grad()
    def encode(self, rows):
        """[n, d] at the hook to [n, latents]."""
        rows = rows.to(torch.float32)
        if self.centre:
            rows = rows - rows.mean(-1, keepdim=True)
        return self.sae.encode(rows)


class Subject:
    """A model with its tokenizer and dictionaries. One request computes at a time."""

    def __init__(self, options):
        self.name = options.name or os.path.basename(os.path.normpath(options.model))
        self.device = options.device
        self.bos_mode = options.bos
        self.tokenizer = AutoTokenizer.from_pretrained(options.model)
        self.model = AutoModelForCausalLM.from_pretrained(
            options.model, dtype=getattr(torch, options.dtype)).to(options.device).eval()
        self.layer_count = self.model.config.num_hidden_layers
        context = getattr(self.model.config, "max_position_embeddings", None)
        self.token_limit = min(options.token_limit, context or options.token_limit)
        self.blocks = self.find_blocks()
        self.bos = self.tokenizer.bos_token_id
        if self.bos is None:
            self.bos = self.model.config.bos_token_id
        self.dictionaries = {}
        for entry in options.sae:
            source, _, place = entry.partition("=")
            if not source or not place:
                raise SystemExit(f"--sae {entry}: write SOURCE=FOLDER or SOURCE=RELEASE:ID")
            dictionary = Dictionary(source, place, options.device, options.centre)
            if dictionary.layer >= self.layer_count:
                raise SystemExit(f"{source}: {dictionary.hook} of a model with {self.layer_count} layers")
            self.dictionaries[source] = dictionary
        self.lock = threading.Lock()
        self.cache = collections.OrderedDict()

    def find_blocks(self):
        """The one list of blocks: the last one's output is only seen by a hook on it."""
        lists = [m for m in self.model.modules()
                 if isinstance(m, torch.nn.ModuleList) and len(m) == self.layer_count]
        if not lists:
            raise SystemExit("the model has no list of blocks that is known here")
        return lists[0]

    def prepends(self, dictionary):
        if self.bos_mode != "as-trained":
            return self.bos_mode == "always"
        return dictionary.prepends_bos is not False

    def tokens(self, text, prepends):
        ids = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        if prepends:
            if self.bos is None:
                raise Refusal("the model has no first token; start the server with --bos never")
            if not ids or ids[0] != self.bos:
                ids = [self.bos] + ids
        return ids

    @torch.no_grad()
    def rows(self, sequences, dictionary):
        """The residual stream at the dictionary's hook, for each sequence."""
        longest = max(map(len, sequences))
        ids = torch.zeros(len(sequences), longest, dtype=torch.long)
        mask = torch.zeros(len(sequences), longest, dtype=torch.long)
        for row, sequence in enumerate(sequences):
            # Behind the text: earlier positions do not see it.
            ids[row, :len(sequence)] = torch.tensor(sequence)
            mask[row, :len(sequence)] = 1
        ids, mask = ids.to(self.device), mask.to(self.device)
        stream = dictionary.layer + (dictionary.site == "post")
        if stream < self.layer_count:
            states = self.model(
                ids, attention_mask=mask, output_hidden_states=True, use_cache=False).hidden_states
            found = states[stream]
        else:
            # The last of the hidden states has passed the final norm.
            seen = []
            handle = self.blocks[-1].register_forward_hook(
                lambda module, arguments, output: seen.append(
                    output[0] if isinstance(output, tuple) else output))
            try:
                self.model(ids, attention_mask=mask, use_cache=False)
            finally:
                handle.remove()
            found = seen[0]
        return [found[row, :len(sequence)] for row, sequence in enumerate(sequences)]

    def latents(self, source, sequences):
        """All latents of each sequence; the latest are kept, as clients ask latent by latent."""
        dictionary = self.dictionaries[source]
        keys = [(source, tuple(sequence)) for sequence in sequences]
        missing = [key for key in dict.fromkeys(keys) if key not in self.cache]
        if missing:
            for key, rows in zip(missing, self.rows([list(key[1]) for key in missing], dictionary)):
                self.cache[key] = dictionary.encode(rows).to("cpu")
        for key in keys:
            self.cache.move_to_end(key)
        results = [self.cache[key] for key in keys]
        while len(self.cache) > CACHED_TEXTS:
            self.cache.popitem(last=False)
        return results

    def readings(self, texts, request, limit, suffix):
        source, index = request.get("source"), request.get("index")
        if not isinstance(source, str) or not isinstance(index, str) or not index.isascii() \
                or not index.isdigit() or len(index) > 9:
            raise Refusal("source and index must be given, as strings; vectors are not served here")
        if source not in self.dictionaries:
            raise Refusal(f"there is no source {source}; there are {', '.join(self.dictionaries)}", 404)
        dictionary = self.dictionaries[source]
        index = int(index)
        if index >= dictionary.sae.cfg.d_sae:
            raise Refusal(f"index {index} of a source with {dictionary.sae.cfg.d_sae}")
        sequences = [self.tokens(text, self.prepends(dictionary)) for text in texts]
        for sequence in sequences:
            if len(sequence) > limit:
                raise Refusal(f"Text too long: {len(sequence)} tokens, max is {limit}{suffix}")
            if not sequence:
                raise Refusal("a text has no tokens")
        with self.lock:
            latents = self.latents(source, sequences)
        return [self.reading(sequence, rows[:, index].tolist())
                for sequence, rows in zip(sequences, latents)]

    def reading(self, ids, values):
        special = [token in self.tokenizer.all_special_ids for token in ids]
        if self.bos is not None and len(ids) > 1 and ids[0] == self.bos:
            # As the documented server does: a leading first token is left out.
            ids, values, special = ids[1:], values[1:], special[1:]
        greatest = max(values)
        return {"tokens": [self.tokenizer.decode([token]) for token in ids],
                "tokensIsSpecial": special,
                "activation": {"values": values, "maxValue": greatest,
                               "maxValueIndex": values.index(greatest)}}


def texts_of(request, name):
    texts = request.get(name) if name == "prompts" else [request.get(name)]
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t for t in texts):
        raise Refusal(f"{name} must be {'a list of texts' if name == 'prompts' else 'a text'}")
    return texts


def answer(subject, method, path, request):
    """The reply to one request, as a value for JSON."""
    if (method, path) == ("GET", "/health"):
        return {"status": "healthy"}
    if (method, path) == ("GET", "/v1/capabilities"):
        return {"model": subject.name, "backend": "eager", "device": subject.device,
                "token_limit": subject.token_limit, "activation_token_limit": subject.token_limit,
                "num_layers": subject.layer_count, "sae_sets": sorted(subject.dictionaries),
                "endpoints": {"tokenize": True, "activation_single": True}}
    if method != "POST":
        raise Refusal("no such place", 404)
    if path == "/v1/activation/single":
        return subject.readings(texts_of(request, "prompt"), request, subject.token_limit, "")[0]
    if path == "/v1/activation/single-batch":
        texts = texts_of(request, "prompts")
        if len(texts) > BATCH_LIMIT:
            raise Refusal(f"Batch size {len(texts)} exceeds maximum of {BATCH_LIMIT}")
        limit = subject.token_limit / BATCH_LIMIT
        return {"results": subject.readings(texts, request, limit, " for batch requests")}
    if path == "/v1/tokenize":
        prepends = request.get("prepend_bos", subject.bos is not None)
        ids = subject.tokens(texts_of(request, "text")[0], bool(prepends))
        if len(ids) > subject.token_limit:
            raise Refusal(f"Text too long: {len(ids)} tokens, max is {subject.token_limit}")
        return {"tokens": ids, "token_strings": [subject.tokenizer.decode([token]) for token in ids],
                "prepend_bos": bool(prepends)}
    raise Refusal("no such place", 404)


def handler(subject, secret):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_GET(self):
            self.serve("GET")

        def do_POST(self):
            self.serve("POST")

        def serve(self, method):
            try:
                request = self.body() if method == "POST" else {}
                given = self.headers.get("X-SECRET-KEY", "")
                if secret and not hmac.compare_digest(given.encode(), secret.encode()):
                    raise Refusal("Invalid or missing X-SECRET-KEY header", 401)
                self.reply(200, answer(subject, method, self.path, request))
            except Refusal as refusal:
                self.reply(refusal.status, {"error": str(refusal)})
            except OSError:
                self.close_connection = True
            except Exception as error:  # A fault here must not end the server.
                print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
                self.reply(500, {"error": "the server failed; its log says how"})

        def body(self):
            length = self.headers.get("Content-Length", "")
            if not length.isascii() or not length.isdigit() or int(length) > BODY_LIMIT:
                self.close_connection = True
                raise Refusal(f"a body of at most {BODY_LIMIT} bytes with its length is due", 413)
            try:
                request = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                raise Refusal("the body is not JSON")
            if not isinstance(request, dict):
                raise Refusal("the body is not a JSON object")
            return request

        def reply(self, status, value):
            body = json.dumps(value, allow_nan=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            """Texts and keys belong in no log."""

    return Handler


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True, help="a folder, or a name at Hugging Face")
    parser.add_argument("--name", help="what the server calls the model")
    parser.add_argument("--sae", action="append", default=[], required=True,
                        help="SOURCE=FOLDER or SOURCE=RELEASE:ID of SAELens; may be repeated")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5002, help="0 takes a free one")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--token-limit", type=int, default=400)
    parser.add_argument("--bos", default="as-trained", choices=["as-trained", "always", "never"])
    parser.add_argument("--centre", default="auto", choices=["auto", "yes", "no"])
    parser.add_argument("--stop-with-input", action="store_true",
                        help="stop when standard input ends")
    options = parser.parse_args()
    secret = os.environ.get(SECRET_VARIABLE, "")
    if options.host not in ("127.0.0.1", "localhost", "::1") and not secret:
        raise SystemExit(f"--host {options.host}: set {SECRET_VARIABLE} before others can reach it")
    server = ThreadingHTTPServer((options.host, options.port), handler(Subject(options), secret))
    server.daemon_threads = True
    print(f"listening on http://{options.host}:{server.server_address[1]}", flush=True)
    if options.stop_with_input:
        def wait():
            sys.stdin.read()
            os._exit(0)
        threading.Thread(target=wait, daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
