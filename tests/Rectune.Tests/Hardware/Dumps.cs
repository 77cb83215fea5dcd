namespace Rectune.Tests.Hardware;

/// <summary>Texts as systems write them.</summary>
internal static class Dumps
{
    /// <summary>A virtual machine on an AMD processor, first of two processors, flags shortened.</summary>
    public const string AmdCpuInfo =
        "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\nstepping\t: 1\nmicrocode\t: 0x1000065\n"
        + "cpu MHz\t\t: 2596.138\ncache size\t: 1024 KB\nphysical id\t: 0\nsiblings\t: 2\ncore id\t\t: 0\ncpu cores\t: 2\napicid\t\t: 0\nfpu\t\t: yes\n"
        + "flags\t\t: fpu vme de pse tsc msr aes xsave avx f16c rdrand hypervisor lahf_lm avx2 avx512f avx512_vnni\n"
        + "bugs\t\t: sysret_ss_attrs null_seg\nbogomips\t: 5192.27\nTLB size\t: 3584 4K pages\n\nprocessor\t: 1\nvendor_id\t: AuthenticAMD\nmodel name\t: other\n";

    /// <summary>A bare Intel machine with two hardware threads a core.</summary>
    public const string IntelCpuInfo =
        "processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 106\nmodel name\t: Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz\nstepping\t: 6\n"
        + "cpu MHz\t\t: 2800.000\ncache size\t: 49152 KB\nphysical id\t: 0\nsiblings\t: 64\ncore id\t\t: 0\ncpu cores\t: 32\n"
        + "flags\t\t: fpu vme de pse tsc msr avx2 avx512f\nbogomips\t: 5587.01\n\n";

    public const string ArmCpuInfo =
        "processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd evtstrm aes asimddp\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0c\n\n";

    public const string MemInfo = "MemTotal:       24684092 kB\nMemFree:        24095876 kB\nMemAvailable:   24155432 kB\nBuffers:            4120 kB\n";

    public const string TwoGpus =
        "index, name, memory.total [MiB], driver_version\n0, NVIDIA H200, 143771 MiB, 570.86.15\n1, Tesla T4, 15360 MiB, 570.86.15\n";
}
