"""mxtape against NumPy, torch, the original MXNet, MyGrad and HIPS autograd; see README.md."""
