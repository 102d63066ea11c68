{
  description = "Command-line chat client and C++ library for Llama 2 hosted by Replicate";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEach = build: nixpkgs.lib.genAttrs systems (system: build nixpkgs.legacyPackages.${system});
      version = builtins.head (builtins.match ".*project\\(rellama[[:space:]]+VERSION ([0-9.]+).*"
        (builtins.readFile ../../CMakeLists.txt));
    in
    {
      packages = forEach (pkgs: {
        default = pkgs.stdenv.mkDerivation {
          pname = "rellama";
          inherit version;
          src = ../..;
          nativeBuildInputs = with pkgs; [ cmake ninja pkg-config ];
          buildInputs = with pkgs; [
            cli11 curl fmt libedit libmd libmicrohttpd md4c nlohmann_json spdlog sqlite tomlplusplus
            utf8proc valijson
          ];
          cmakeFlags = [ "-DBUILD_TESTING=OFF" ];
          meta = {
            description = "Command-line chat client for Llama 2 hosted by Replicate";
            license = pkgs.lib.licenses.asl20;
            mainProgram = "rellama";
          };
        };
      });
    };
}
